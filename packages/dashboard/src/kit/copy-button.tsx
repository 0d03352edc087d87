/** Copies a value and says so, to eyes and to screen readers. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { Icon } from './icon.tsx';

export function CopyButton({ value, what }: { readonly value: string; readonly what: string }): VNode {
  const said = useSignal('');
  const copy = (): void => {
    navigator.clipboard.writeText(value).then(
      () => {
        said.value = 'Copied';
      },
      () => {
        said.value = 'Not allowed by the browser';
      },
    );
  };
  return (
    <span class="copy">
      <button
        type="button"
        class="button-icon"
        aria-label={`Copy ${what}`}
        title={`Copy ${what}`}
        onClick={copy}
      >
        <Icon name="copy" />
      </button>
      <span class="copy-said" role="status">
        {said.value}
      </span>
    </span>
  );
}
