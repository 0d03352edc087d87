/** One sentence and six numbers across the top: the whole shop at a glance. */
import type { VNode } from 'preact';
import { useDashboard } from '../dashboard.ts';
import { Icon } from '../kit/icon.tsx';
import type { IconName } from '../kit/tone.model.ts';
import { factsOf, type Health, healthOf } from './health.model.ts';

const ICONS: Readonly<Record<Health['tone'], IconName>> = {
  good: 'check',
  warn: 'half',
  bad: 'alert',
  quiet: 'ring',
};

export function HealthStrip(): VNode {
  const status = useDashboard().live.status.value;
  const health = healthOf(status);
  return (
    <section class="health" aria-label="Health" data-testid="health">
      <p class={`health-sentence tone-${health.tone}`} role="status">
        <Icon name={ICONS[health.tone]} />
        <span>{health.sentence}</span>
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
