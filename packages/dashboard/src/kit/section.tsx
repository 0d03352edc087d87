/** A landmark with a heading: how every instrument on the panel begins. */
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';

export interface SectionProps {
  readonly title: string;
  readonly class: string;
  /** Beside the heading: a count, a switch. */
  readonly aside?: ComponentChildren;
  readonly children: ComponentChildren;
}

export function Section({ title, class: name, aside, children }: SectionProps): VNode {
  const id = useId();
  return (
    <section class={`section ${name}`} aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id}>{title}</h2>
        {aside !== undefined && <div class="section-aside">{aside}</div>}
      </header>
      {children}
    </section>
  );
}
