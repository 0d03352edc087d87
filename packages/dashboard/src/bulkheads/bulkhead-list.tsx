/** How full each tier's bulkhead is: the sum as a meter, each worker's share below it. */
import type { VNode } from 'preact';
import { useDashboard } from '../dashboard.ts';
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
  return (
    <li data-tier={view.tier}>
      <span class="tier-name">{view.tier}</span>
      <div
        class={`tier-meters tone-${pressure(view)}`}
        role="meter"
        aria-label={`${view.tier} bulkhead`}
        aria-valuemin={0}
        aria-valuemax={view.maxConcurrent}
        aria-valuenow={view.active}
        aria-valuetext={wordsOf(view)}
        title={view.workers.map((worker) => `${worker.worker}: ${wordsOf(worker)}`).join('\n')}
      >
        {view.workers.map((worker) => (
          <svg
            key={worker.worker}
            class="meter"
            viewBox="0 0 100 6"
            preserveAspectRatio="none"
            aria-hidden="true"
          >
            <rect class="meter-track" width="100" height="6" />
            <rect class="meter-fill" width={occupancy(worker) * 100} height="6" />
          </svg>
        ))}
      </div>
      <span class="number tier-numbers">
        <span>
          {count(view.active)}
          <span class="aside">/{count(view.maxConcurrent)}</span>
        </span>
        <span class={view.queued > 0 ? 'tone-warn' : 'aside'}>{count(view.queued)}</span>
        <span class={view.rejected > 0 ? 'tone-bad' : 'aside'}>{count(view.rejected)}</span>
      </span>
    </li>
  );
}
