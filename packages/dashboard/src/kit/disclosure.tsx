/** A row that opens to show what it sums up. The whole row is one button, named by what stands in it. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, VNode } from 'preact';
import { useId } from 'preact/hooks';
import { Icon } from './icon.tsx';

export interface DisclosureProps {
  readonly class: string;
  readonly name: string;
  /** Beside the name. */
  readonly note?: ComponentChildren;
  /** The row's cells after its name. */
  readonly row: ComponentChildren;
  readonly detail: () => ComponentChildren;
}

export function Disclosure({ class: rowClass, name, note, row, detail }: DisclosureProps): VNode {
  const open = useSignal(false);
  const id = useId();
  const toggle = (): void => {
    open.value = !open.value;
  };
  return (
    <>
      <button
        type="button"
        class={`disclosure ${rowClass}`}
        aria-expanded={open.value}
        aria-controls={id}
        onClick={toggle}
      >
        <span class="disclosure-name clip">
          <Icon name="chevron" />
          <span class="clip" title={name}>
            {name}
          </span>
          {note}
        </span>
        {row}
      </button>
      <div id={id} class="disclosed" hidden={!open.value}>
        {open.value && detail()}
      </div>
    </>
  );
}
