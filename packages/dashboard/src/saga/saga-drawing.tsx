/** The saga as a state graph, with this order's way through it. The timeline beside it says the same in words. */
import type { VNode } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { OrderView, SagaGraph } from '../contract.ts';
import { type Box, routeAcross, routeDown, sameColumn } from '../kit/drawing.model.ts';
import { narrow } from '../kit/narrow.ts';
import { NARROW, sagaLayout, WIDE } from './saga-layout.model.ts';
import { progressOf, taken } from './saga-progress.model.ts';
import { StateBox } from './state-box.tsx';

type Edge = SagaGraph['edges'][number];

export interface SagaDrawingProps {
  readonly graph: SagaGraph;
  readonly order: OrderView | undefined;
}

export function SagaDrawing({ graph, order }: SagaDrawingProps): VNode {
  const id = useId();
  const measure = narrow.value ? NARROW : WIDE;
  const { width, height, boxes } = useMemo(() => sagaLayout(graph, measure), [graph, measure]);
  const progress = progressOf(graph, order);
  const edges = graph.edges
    .map((edge) => ({ edge, went: taken(edge, graph, order) }))
    .sort((a, b) => Number(a.went) - Number(b.went));
  return (
    <svg
      class="saga"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      role="img"
      aria-labelledby={id}
      data-testid="saga-graph"
    >
      <title id={id}>The saga of this order as a graph; the list “Step by step” says the same in words</title>
      <defs>
        {['quiet', 'next', 'error'].map((kind) => (
          <marker
            key={kind}
            id={`${id}-${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerUnits="userSpaceOnUse"
            markerWidth="9"
            markerHeight="9"
            orient="auto"
          >
            <path d="M1 1 7 4 1 7z" class={`arrow-${kind}`} />
          </marker>
        ))}
      </defs>
      {edges.map(({ edge, went }) => {
        const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
        if (from === undefined || to === undefined) return null;
        return (
          <path
            key={`${edge.from}-${edge.to}-${edge.on}`}
            d={way(edge, from, to)}
            class={`edge edge-${edge.on} ${went ? 'edge-taken' : ''}`}
            marker-end={`url(#${id}-${went ? edge.on : 'quiet'})`}
            data-edge={`${edge.from} ${edge.to}`}
            data-taken={went}
          />
        );
      })}
      {graph.states.map(({ name, kind }) => {
        const [box, state] = [boxes.get(name), progress.get(name)];
        if (box === undefined || state === undefined) return null;
        return (
          <StateBox key={name} name={name} kind={kind} box={box} state={state} stacked={measure.stacked} />
        );
      })}
    </svg>
  );
}

/** What comes next runs down or up; what a failure leads to runs across. */
function way({ on }: Edge, from: Box, to: Box): string {
  return on === 'next' || sameColumn(from, to) ? routeDown(from, to) : routeAcross(from, to);
}
