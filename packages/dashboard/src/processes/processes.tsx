/** Which processes the shop is made of, whether they are up, and how often they came back. */
import type { VNode } from 'preact';
import { useDashboard } from '../dashboard.ts';
import { plural } from '../kit/format.model.ts';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import type { Look } from '../kit/tone.model.ts';

const UP: Look = { word: 'up', tone: 'good', icon: 'check' };
const DOWN: Look = { word: 'down', tone: 'bad', icon: 'cross' };

export function Processes(): VNode {
  const processes = useDashboard().live.status.value?.processes ?? [];
  return (
    <Section title="Processes" class="processes">
      <ul data-testid="processes">
        {processes.map(({ name, role, tier, up, restarts, pid }) => (
          <li
            key={name}
            data-process={name}
            data-up={up}
            title={pid === undefined ? 'no process' : `process id ${pid}`}
          >
            <span>
              {name} <span class="aside">{tier ?? role}</span>
            </span>
            <Mark look={up ? UP : DOWN} />
            <span class={`number ${restarts > 0 ? 'tone-warn' : 'aside'}`}>
              {restarts === 0 ? '' : plural(restarts, 'restart')}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
