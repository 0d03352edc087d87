/** One line a dependency: its window, its ratio, its state; the workers' own views behind a disclosure. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { BreakerView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { percent, plural } from '../kit/format.model.ts';
import { Icon } from '../kit/icon.tsx';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import { BREAKER_LOOKS } from '../kit/tone.model.ts';
import { type DependencyView, dependenciesOf, outlook, spokenOf } from './breakers.model.ts';
import { WindowBars } from './window-bars.tsx';

export function BreakerList(): VNode {
  const breakers = useDashboard().live.status.value?.breakers ?? [];
  return (
    <Section title="Circuits" class="breakers" aside={<span class="aside">failed of opens at</span>}>
      {breakers.length === 0 && <p class="empty">No breaker has reported yet.</p>}
      <ul data-testid="breakers">
        {dependenciesOf(breakers).map((view) => (
          <DependencyRow key={view.dependency} view={view} />
        ))}
      </ul>
    </Section>
  );
}

function DependencyRow({ view }: { readonly view: DependencyView }): VNode {
  const open = useSignal(false);
  const id = useId();
  const toggle = (): void => {
    open.value = !open.value;
  };
  return (
    <li data-dependency={view.dependency} data-state={view.state}>
      <button
        type="button"
        class="breaker-row"
        aria-expanded={open.value}
        aria-controls={id}
        aria-label={spokenOf(view)}
        onClick={toggle}
      >
        <span class="breaker-name">
          <Icon name="chevron" />
          {view.dependency}
        </span>
        <WindowBars window={view.window} />
        <span class="number breaker-ratio">
          {view.calls === 0 ? '–' : percent(view.failureRatio)}
          <span class="aside"> / {percent(view.thresholdRatio)}</span>
        </span>
        <span class="breaker-state">
          <Mark look={BREAKER_LOOKS[view.state]} />
          <span class="aside number">{view.storeDown ? 'store down' : outlook(view)}</span>
        </span>
      </button>
      <div id={id} class="breaker-workers" hidden={!open.value}>
        {open.value && view.workers.map((worker) => <WorkerLine key={worker.worker} view={worker} />)}
      </div>
    </li>
  );
}

function WorkerLine({ view }: { readonly view: BreakerView }): VNode {
  const words = [
    plural(view.calls, 'call'),
    `${view.failures} failed`,
    `${view.slow} slow`,
    view.scope === 'fleet' ? 'decided by the fleet' : 'decided by this worker alone',
    `epoch ${view.epoch}`,
    ...(view.state === 'open' ? [outlook({ ...view, agreement: '' })] : []),
    ...(view.probesInFlight > 0 ? [plural(view.probesInFlight, 'probe under way', 'probes under way')] : []),
    ...(view.store === 'down' ? ['its store is down'] : []),
  ];
  return (
    <p class="worker-line">
      <span class="worker-name">
        {view.worker} <Mark look={BREAKER_LOOKS[view.state]} />
      </span>
      <span class="number">{words.join(' · ')}</span>
    </p>
  );
}
