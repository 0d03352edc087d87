/** Faults on purpose, a row a service. Read when the stream connects and after every change, as it is not in the stream. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect } from 'preact/hooks';
import type { ChaosView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { Section } from '../kit/section.tsx';
import { CHAOS_FIELDS } from './chaos.model.ts';
import { ChaosRow } from './chaos-row.tsx';
import { CrashDialog } from './crash-dialog.tsx';

export function ChaosPanel(): VNode {
  const { api, live } = useDashboard();
  const chaos = useSignal<ChaosView | undefined>(undefined);
  const crashing = useSignal<string | undefined>(undefined);
  const status = live.status.value;
  const read = async (): Promise<void> => {
    const answer = await api.chaos();
    if (answer.kind === 'ok') chaos.value = answer.value;
  };
  // A restarted service has forgotten its faults: read again whenever one went down or came back.
  const uptime = status?.processes.map(({ name, up, restarts }) => `${name} ${up} ${restarts}`).join();
  useEffect(() => {
    if (live.connection.value.kind === 'live') void read();
  }, [live.connection.value.kind, uptime]);
  if (status !== undefined && !status.chaosEnabled) return <Disabled />;
  return (
    <Section
      title="Chaos"
      class="chaos"
      aside={<span class="aside">faults on purpose; a restart heals them</span>}
    >
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard. */}
      <section class="scroll-x" tabIndex={0} aria-label="Chaos switches">
        <table data-testid="chaos">
          <thead>
            <tr>
              <th scope="col">Service</th>
              {CHAOS_FIELDS.map(({ name, label, unit }) => (
                <th scope="col" key={name}>
                  {label} <span class="aside">{unit}</span>
                </th>
              ))}
              <th scope="col">Hang</th>
              <th scope="col">
                <span class="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {chaos.value?.services.map((service) => (
              <ChaosRow
                key={service.service}
                {...service}
                onChanged={read}
                onCrash={() => {
                  crashing.value = service.service;
                }}
              />
            ))}
          </tbody>
        </table>
      </section>
      {crashing.value !== undefined && (
        <CrashDialog
          service={crashing.value}
          onClose={() => {
            crashing.value = undefined;
          }}
        />
      )}
    </Section>
  );
}

function Disabled(): VNode {
  return (
    <Section title="Chaos" class="chaos">
      <p class="empty">
        This shop runs without chaos. To break things on purpose, start it with <code>npm start</code> without{' '}
        <code>--no-chaos</code>.
      </p>
    </Section>
  );
}
