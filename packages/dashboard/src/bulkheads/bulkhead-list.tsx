/** How full each tier's bulkhead is: the sum in the row, a bar a worker, the workers' numbers behind a disclosure. */
import type { VNode } from 'preact';
import type { BulkheadView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { Disclosure } from '../kit/disclosure.tsx';
import { count } from '../kit/format.model.ts';
import { Section } from '../kit/section.tsx';
import { occupancy, pressure, type TierView, tiersOf, wordsOf } from './bulkheads.model.ts';

export function BulkheadList(): VNode {
  const bulkheads = useDashboard().live.status.value?.bulkheads ?? [];
  return (
    <Section title="Bulkheads" class="bulkheads" aside={<span class="aside">in use, queued, rejected</span>}>
      <ul data-testid="bulkheads">
        {tiersOf(bulkheads).map((view) => (
          <TierRow key={view.tier} view={view} />
        ))}
      </ul>
    </Section>
  );
}

function TierRow({ view }: { readonly view: TierView }): VNode {
  const cells = (
    <>
      <span class={`tier-meters tone-${pressure(view)}`}>
        {view.workers.map((worker) => (
          <Meter key={worker.worker} worker={worker} />
        ))}
      </span>
      <span class="number tier-numbers">
        <span>
          {count(view.active)}
          <span class="aside">/{count(view.maxConcurrent)}</span>
          <Said words="in use" />
        </span>
        <span class={view.queued > 0 ? 'tone-warn' : 'aside'}>
          {count(view.queued)}
          <Said words="queued" />
        </span>
        <span class={view.rejected > 0 ? 'tone-bad' : 'aside'}>
          {count(view.rejected)}
          <Said words="rejected" />
        </span>
      </span>
    </>
  );
  return (
    <li data-tier={view.tier}>
      <Disclosure
        class="tier-row"
        name={view.tier}
        row={cells}
        detail={() =>
          view.workers.map((worker) => (
            <p key={worker.worker} class="worker-line">
              <span class="worker-name">{worker.worker}</span>
              <span class="number">
                {wordsOf(worker)}; {count(worker.completed)} completed
              </span>
            </p>
          ))
        }
      />
    </li>
  );
}

/** What the column's heading says to eyes. */
function Said({ words }: { readonly words: string }): VNode {
  return <span class="visually-hidden"> {words} </span>;
}

function Meter({ worker }: { readonly worker: BulkheadView }): VNode {
  return (
    <svg class="meter" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
      <rect class="meter-track" width="100" height="6" />
      <rect class="meter-fill" width={occupancy(worker) * 100} height="6" />
    </svg>
  );
}
