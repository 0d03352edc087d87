/** One state of the saga: filled when the order was there, with a sign for how it went. */
import type { VNode } from 'preact';
import type { OrderStep } from '../contract.ts';
import type { Box } from '../kit/drawing.model.ts';
import { stateWords } from '../kit/format.model.ts';
import { IconPath } from '../kit/icon.tsx';
import type { StateProgress } from './saga-progress.model.ts';

export interface StateBoxProps {
  readonly name: string;
  readonly kind: OrderStep['kind'];
  readonly box: Box;
  readonly state: StateProgress;
  readonly stacked: boolean;
}

const LINE = 13.5;

export function StateBox({ name, kind, box, state, stacked }: StateBoxProps): VNode {
  const { visited, active, attempts, tone, icon, title } = state;
  const lines = stacked ? stateWords(name).split(' ') : [stateWords(name)];
  const textX = icon === undefined ? box.width / 2 : 25;
  return (
    <g
      class={`state ${visited ? 'state-visited' : 'state-untouched'} ${active ? 'state-active' : ''} tone-${tone}`}
      transform={`translate(${box.x - box.width / 2} ${box.y - box.height / 2})`}
      data-state={name}
      data-visited={visited}
      data-icon={icon}
    >
      <title>{title}</title>
      <rect width={box.width} height={box.height} rx={kind === 'end' ? box.height / 2 : 6} />
      {icon !== undefined && (
        <g transform={`translate(7 ${box.height / 2 - 7}) scale(.875)`}>
          <IconPath name={icon} />
        </g>
      )}
      {lines.map((line, index) => (
        <text
          key={line}
          x={textX}
          y={box.height / 2 + (index - (lines.length - 1) / 2) * LINE}
          text-anchor={icon === undefined ? 'middle' : 'start'}
        >
          {line}
        </text>
      ))}
      {attempts > 1 && (
        <g class="attempts" transform={`translate(${box.width - 13} 0)`}>
          <rect x="-13" y="-8" width="26" height="16" rx="8" />
          <text text-anchor="middle">×{attempts}</text>
        </g>
      )}
    </g>
  );
}
