/** The service map laid out and judged. Pure. */
import { Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre';
import type { ServiceMapView } from '../contract.ts';
import type { Box, Layout } from '../kit/drawing.model.ts';
import type { Look } from '../kit/tone.model.ts';

export type MapNode = ServiceMapView['nodes'][number];
export type MapEdge = ServiceMapView['edges'][number];

export const MAP_NODE = { width: 168, height: 60 } as const;

/** What the layout depends on: the same services and edges keep their places whatever their numbers do. */
export function shapeOf({ nodes, edges }: ServiceMapView): string {
  return JSON.stringify([
    nodes.map(({ service }) => service).sort(),
    edges.map(({ from, to }) => [from, to]).sort(),
  ]);
}

export function mapLayout({ nodes, edges }: ServiceMapView): Layout {
  const graph = new Graph<GraphLabel, NodeLabel, object>();
  graph.setGraph({ rankdir: 'LR', nodesep: 14, ranksep: 64, marginx: 4, marginy: 4 });
  graph.setDefaultEdgeLabel(() => ({}));
  const names = nodes.map(({ service }) => service).sort();
  for (const name of names) graph.setNode(name, { ...MAP_NODE });
  for (const { from, to } of edges)
    if (graph.hasNode(from) && graph.hasNode(to) && from !== to) graph.setEdge(from, to);
  layout(graph);
  const boxes = new Map<string, Box>(
    names.map((name) => {
      const { x = 0, y = 0 } = graph.node(name);
      return [name, { x, y, ...MAP_NODE }];
    }),
  );
  const { width = 0, height = 0 } = graph.graph();
  return { width: Number.isFinite(width) ? width : 0, height: Number.isFinite(height) ? height : 0, boxes };
}

export function errorRatio({ calls, errors }: { readonly calls: number; readonly errors: number }): number {
  return calls === 0 ? 0 : errors / calls;
}

/** Up to 1 % of errors is healthy, up to 20 % is unwell. */
export function healthLook(traffic: { readonly calls: number; readonly errors: number }): Look {
  if (traffic.calls === 0) return { word: 'idle', tone: 'quiet', icon: 'ring' };
  const ratio = errorRatio(traffic);
  if (ratio <= 0.01) return { word: 'healthy', tone: 'good', icon: 'check' };
  return ratio <= 0.2
    ? { word: 'unwell', tone: 'warn', icon: 'half' }
    : { word: 'failing', tone: 'bad', icon: 'cross' };
}

/** Stroke width of an edge: grows with the logarithm of its rate, so that one busy edge does not drown the rest. */
export function strokeOf(ratePerSecond: number): number {
  return Math.min(5, 1 + Math.log2(1 + Math.max(0, ratePerSecond)));
}
