/** One sentence and six numbers across the top: the whole shop at a glance. */
import type { VNode } from 'preact';
import { useDashboard } from '../dashboard.ts';
import { Icon } from '../kit/icon.tsx';
import type { IconName } from '../kit/tone.model.ts';
import { factsOf, type Health, healthOf } from './health.model.ts';

/** More would be a wall. */
const MAX_ALSO = 2;
const ICONS: Readonly<Record<Health['tone'], IconName>> = {
  good: 'check',
  warn: 'half',
  bad: 'alert',
  quiet: 'ring',
};

export function HealthStrip(): VNode {
  const { live } = useDashboard();
  const status = live.status.value;
  const health = healthOf(status, live.connection.value.kind === 'live');
  return (
    <section class="health" aria-label="Health" data-testid="health">
      <p class={`health-sentence tone-${health.tone}`} role="status">
        <Icon name={ICONS[health.tone]} />
        <span>
          {health.sentence}
          {health.also.length > 0 && (
            <span class="health-also" title={health.also.join(' ')}>
              {health.also.slice(0, MAX_ALSO).join(' ')}
            </span>
          )}
        </span>
      </p>
      <dl class="facts">
        {status !== undefined &&
          factsOf(status).map(({ label, value, tone }) => (
            <div class="fact" key={label}>
              <dt>{label}</dt>
              <dd class={`tone-${tone}`}>{value}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
