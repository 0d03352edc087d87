/** A labelled control with its error beside it, tied together for screen readers. */
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';

/** What a control must carry so that its label and its error belong to it. */
export interface FieldIds {
  readonly id: string;
  readonly 'aria-invalid'?: 'true';
  readonly 'aria-describedby'?: string;
}

export interface FieldProps {
  readonly label: string;
  readonly error: string | undefined;
  readonly class?: string;
  readonly control: (ids: FieldIds) => VNode;
}

export function Field({ label, error, class: extra = '', control }: FieldProps): VNode {
  const id = useId();
  const ids: FieldIds =
    error === undefined ? { id } : { id, 'aria-invalid': 'true', 'aria-describedby': `${id}-error` };
  return (
    <div class={`field ${extra}`}>
      <label for={id}>{label}</label>
      {control(ids)}
      {error !== undefined && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
    </div>
  );
}
