/** A state as icon and word in its tone. */
import type { VNode } from 'preact';
import { Icon } from './icon.tsx';
import type { Look } from './tone.model.ts';

export function Mark({ look }: { readonly look: Look }): VNode {
  return (
    <span class={`mark tone-${look.tone}`}>
      <Icon name={look.icon} />
      {look.word}
    </span>
  );
}
