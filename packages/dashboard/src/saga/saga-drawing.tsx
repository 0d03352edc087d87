/** The saga as a state graph, with this order's way through it. The timeline beside it says the same in words. */
import { useComputed, useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useId } from 'preact/hooks';
import type { OrderView, SagaGraph } from '../contract.ts';
import { stateWords } from '../kit/format.model.ts';
import { IconPath } from '../kit/icon.tsx';
import { type Box, type Layout, route, sagaLayout } from './saga-layout.model.ts';
import { progressOf, type StateProgress, taken } from './saga-progress.model.ts';

export function SagaDrawing({
  graph,
  order,
}: {
  readonly graph: SagaGraph;
  readonly order: OrderView | undefined;
}): VNode {
  const id = useId();
  const drawn = useSignal(graph);
  useEffect(() => {
    drawn.value = graph;
  }, [graph]);
  const { width, height, boxes } = useComputed((): Layout => sagaLayout(drawn.value)).value;
  const progress = progressOf(graph, order);
  const edges = graph.edges
    .map((edge) => ({ edge, went: taken(edge, graph, order) }))
    .sort((a, b) => Number(a.went) - Number(b.went));
  return (
    <svg
      class="saga"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-labelledby={id}
      data-testid="saga-graph"
    >
      <title id={id}>The saga of this order as a graph; the list “Step by step” says the same in words</title>
      <defs>
        {['quiet', 'taken'].map((kind) => (
          <marker
            key={kind}
            id={`${id}-${kind}`}
            viewBox="0 0 8 8"
            refX="7"
            refY="4"
            markerWidth="7"
            markerHeight="7"
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
            d={route(from, to)}
            class={`edge edge-${edge.on} ${went ? 'edge-taken' : ''}`}
            marker-end={`url(#${id}-${went ? 'taken' : 'quiet'})`}
          />
        );
      })}
      {graph.states.map(({ name, kind }) => {
        const [box, state] = [boxes.get(name), progress.get(name)];
        return box === undefined || state === undefined ? null : (
          <StateBox key={name} name={name} kind={kind} box={box} state={state} />
        );
      })}
    </svg>
  );
}

interface StateBoxProps {
  readonly name: string;
  readonly kind: string;
  readonly box: Box;
  readonly state: StateProgress;
}

function StateBox({ name, kind, box, state }: StateBoxProps): VNode {
  const { visited, active, attempts, tone, icon, title } = state;
  const look = visited ? 'state-visited' : 'state-untouched';
  return (
    <g
      class={`state state-${kind} ${look} ${active ? 'state-active' : ''} tone-${tone}`}
      transform={`translate(${box.x - box.width / 2} ${box.y - box.height / 2})`}
      data-state={name}
      data-visited={visited}
    >
      <title>{title}</title>
      <rect width={box.width} height={box.height} rx={kind === 'end' ? box.height / 2 : 6} />
      {icon !== undefined && (
        <g transform={`translate(8 ${box.height / 2 - 7}) scale(.875)`}>
          <IconPath name={icon} />
        </g>
      )}
      <text
        x={icon === undefined ? box.width / 2 : 26}
        y={box.height / 2}
        text-anchor={icon === undefined ? 'middle' : 'start'}
      >
        {stateWords(name)}
      </text>
      {attempts > 1 && (
        <g class="attempts" transform={`translate(${box.width - 12} 0)`}>
          <rect x="-13" y="-8" width="26" height="16" rx="8" />
          <text y="0" text-anchor="middle">
            ×{attempts}
          </text>
        </g>
      )}
    </g>
  );
}
