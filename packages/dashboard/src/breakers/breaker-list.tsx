/** One line a dependency: its window, its ratio, its state; the workers' own views behind a disclosure. */
import type { VNode } from 'preact';
import type { BreakerView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { Disclosure } from '../kit/disclosure.tsx';
import { percent } from '../kit/format.model.ts';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import { BREAKER_LOOKS } from '../kit/tone.model.ts';
import { type DependencyView, dependenciesOf, outlook, workerWords } from './breakers.model.ts';
import { WindowBars } from './window-bars.tsx';

export function BreakerList(): VNode {
  const breakers = useDashboard().live.status.value?.breakers ?? [];
  return (
    <Section title="Circuits" class="breakers" aside={<span class="aside">failed / opens at</span>}>
      {breakers.length === 0 && <p class="empty">No breaker has reported yet.</p>}
      <ul data-testid="breakers">
        {dependenciesOf(breakers).map((view) => (
          <DependencyRow key={view.dependency} view={view} />
        ))}
      </ul>
      <p class="aside legend">
        <span class="legend-success">answered</span>
        <span class="legend-slow">slow</span>
        <span class="legend-failure">failed</span>
        the window’s buckets, newest at the right
      </p>
    </Section>
  );
}

function DependencyRow({ view }: { readonly view: DependencyView }): VNode {
  const cells = (
    <>
      <WindowBars window={view.window} />
      <span class="number breaker-ratio">
        {view.calls === 0 ? <Idle /> : percent(view.failureRatio)}
        <span class="visually-hidden"> failed, opens at </span>
        <span class="aside">
          <span aria-hidden="true"> / </span>
          {percent(view.thresholdRatio)}
        </span>
      </span>
      <span class="breaker-state">
        <Mark look={BREAKER_LOOKS[view.state]} />
        <span class="aside number clip">{view.storeDown ? 'store down' : outlook(view)}</span>
      </span>
    </>
  );
  return (
    <li data-dependency={view.dependency} data-state={view.state}>
      <Disclosure
        class="breaker-row"
        name={view.dependency}
        note={view.agreement !== '' && <Agreement words={view.agreement} />}
        row={cells}
        detail={() => view.workers.map((worker) => <WorkerLine key={worker.worker} view={worker} />)}
      />
    </li>
  );
}

function Idle(): VNode {
  return (
    <>
      <span aria-hidden="true">–</span>
      <span class="visually-hidden">no calls</span>
    </>
  );
}

function Agreement({ words }: { readonly words: string }): VNode {
  return (
    <span class="aside agreement" title={`${words} workers`}>
      {words}
      <span class="visually-hidden"> workers</span>
    </span>
  );
}

function WorkerLine({ view }: { readonly view: BreakerView }): VNode {
  return (
    <p class="worker-line">
      <span class="worker-name">
        {view.worker} <Mark look={BREAKER_LOOKS[view.state]} />
      </span>
      <span class="number">{workerWords(view)}</span>
    </p>
  );
}
