/**
 * Where the saga's states stand. The way forward runs down; for the layout the compensations' edges are turned round,
 * so that each stands beside the step that it undoes and undoing visibly runs back up.
 */
import { Graph, type GraphLabel, layout, type NodeLabel } from '@dagrejs/dagre';
import type { SagaGraph } from '../contract.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
}

export const NODE = { width: 136, height: 32 } as const;
const GAP = { across: 26, down: 24, margin: 6 } as const;
/** Heavy edges stay straight: the main way is a line. */
const MAIN_WAY = 9;

/** Deterministic. Boxes are given by their centres. */
export function sagaLayout(saga: SagaGraph): Layout {
  const graph = new Graph<GraphLabel, NodeLabel, { weight: number }>();
  graph.setGraph({
    rankdir: 'TB',
    nodesep: GAP.across,
    ranksep: GAP.down,
    marginx: GAP.margin,
    marginy: GAP.margin,
  });
  const kinds = new Map(saga.states.map(({ name, kind }) => [name, kind]));
  for (const { name } of saga.states) graph.setNode(name, { ...NODE });
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
  const boxes = new Map(
    saga.states.map(({ name }) => {
      const { x = 0, y = 0 } = graph.node(name);
      return [name, { x, y, ...NODE }];
    }),
  );
  const { width = 0, height = 0 } = graph.graph();
  return { width, height, boxes };
}

/** A line from border to border: straight down or up within a column, otherwise a gentle curve from side to side. */
export function route(from: Box, to: Box): string {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  if (Math.abs(dx) < from.width / 2) {
    const way = Math.sign(dy);
    const [startY, endY] = [from.y + (way * from.height) / 2, to.y - (way * to.height) / 2];
    const middle = (startY + endY) / 2;
    return `M${from.x} ${startY}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${endY}`;
  }
  const way = Math.sign(dx);
  const [startX, endX] = [from.x + (way * from.width) / 2, to.x - (way * to.width) / 2];
  const bend = Math.max(10, Math.abs(endX - startX) / 2);
  return `M${startX} ${from.y}C${startX + way * bend} ${from.y} ${endX - way * bend} ${to.y} ${endX} ${to.y}`;
}
