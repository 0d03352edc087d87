/**
 * Where the saga's states stand. The way forward runs down; for the layout the compensations' edges are turned round,
 * so that each stands beside the step that it undoes and undoing visibly runs back up.
 */
import { Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre';
import type { SagaGraph } from '../contract.ts';
import type { Box, Layout } from '../kit/drawing.model.ts';

/** How much room there is. */
export interface SagaMeasure {
  readonly width: number;
  readonly height: number;
  readonly across: number;
  readonly down: number;
  /** Every word of a name stands in a line of its own. */
  readonly stacked: boolean;
}

export const WIDE: SagaMeasure = { width: 162, height: 32, across: 22, down: 25, stacked: false };
/** For a phone: letters stay as large as elsewhere, so the boxes get narrower and higher. */
export const NARROW: SagaMeasure = { width: 92, height: 46, across: 8, down: 24, stacked: true };

/** Room for the arrowheads and the attempts' badges at the border. */
const MARGIN = 8;
/** Heavy edges stay straight: the main way is a line. */
const MAIN_WAY = 9;

/** Deterministic. */
export function sagaLayout(saga: SagaGraph, measure: SagaMeasure): Layout {
  const graph = new Graph<GraphLabel, NodeLabel, { weight: number }>();
  graph.setGraph({
    ...{ rankdir: 'TB', nodesep: measure.across, ranksep: measure.down },
    ...{ marginx: MARGIN, marginy: MARGIN },
  });
  const kinds = new Map(saga.states.map(({ name, kind }) => [name, kind]));
  const size = { width: measure.width, height: measure.height };
  for (const { name } of saga.states) graph.setNode(name, { ...size });
  for (const { from, to, on } of saga.edges) {
    const [source, target] = [kinds.get(from), kinds.get(to)];
    if (source === undefined || target === undefined) continue;
    if (source === 'compensation') {
      if (on === 'next') graph.setEdge(to, from, { weight: MAIN_WAY });
    } else if (on === 'next') {
      graph.setEdge(from, to, { weight: target === 'announce' && source === 'announce' ? 1 : MAIN_WAY });
    } else if (target === source) {
      graph.setEdge(from, to, { weight: 1 });
    }
  }
  layout(graph);
  const boxes = new Map<string, Box>(
    saga.states.map(({ name }) => {
      const { x = 0, y = 0 } = graph.node(name);
      return [name, { x, y, ...size }];
    }),
  );
  const { width = 0, height = 0 } = graph.graph();
  return { width, height, boxes };
}
