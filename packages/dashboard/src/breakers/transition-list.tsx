/** What the circuits did lately, in words. */
import type { VNode } from 'preact';
import { useDashboard } from '../dashboard.ts';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import { BREAKER_LOOKS } from '../kit/tone.model.ts';
import { When } from '../kit/when.tsx';
import { recentTransitions } from './breakers.model.ts';

const SHOWN = 10;

export function TransitionList(): VNode {
  const transitions = recentTransitions(useDashboard().live.status.value?.transitions ?? [], SHOWN);
  return (
    <Section title="Circuit changes" class="transitions">
      {transitions.length === 0 && <p class="empty">No circuit has changed since the workers started.</p>}
      <ol>
        {transitions.map(({ dependency, worker, workers, from, to, epoch, reason, atMs }) => (
          <li key={`${dependency}-${worker}-${from}-${to}-${epoch}`}>
            <p>
              <strong>{dependency}</strong> <Mark look={BREAKER_LOOKS[to]} />{' '}
              <span class="aside">was {from}</span>
              <When atMs={atMs} />
            </p>
            <p class="aside">
              {reason}; seen by {workers > 1 ? `${workers} workers` : worker}, epoch {epoch}
            </p>
          </li>
        ))}
      </ol>
    </Section>
  );
}
