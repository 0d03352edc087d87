/** What happened to the order, step by step, in words. */
import type { VNode } from 'preact';
import type { OrderView } from '../contract.ts';
import { dateAndClock, preciseClock } from '../kit/format.model.ts';
import { Icon } from '../kit/icon.tsx';
import { timelineOf } from './timeline.model.ts';

export function Timeline({ order }: { readonly order: OrderView }): VNode {
  return (
    <div class="timeline" data-testid="timeline">
      <h3>Step by step</h3>
      <ol>
        {timelineOf(order).map(({ key, atMs, name, words, error, took, tone, icon }) => (
          <li key={key}>
            <time class="number" dateTime={new Date(atMs).toISOString()} title={dateAndClock(atMs)}>
              {preciseClock(atMs)}
            </time>
            <span class={`mark tone-${tone}`}>
              <Icon name={icon} />
            </span>
            <span>
              <strong>{name}</strong> {words}
              {error !== undefined && <span class="step-error">{error}</span>}
            </span>
            <span class="number step-took">{took}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}
