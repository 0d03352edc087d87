/** Asks before a process is killed. A modal dialog element: it keeps the focus, closes by Escape, and gives the focus back. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { useDashboard } from '../dashboard.ts';

export function CrashDialog({
  service,
  onClose,
}: {
  readonly service: string;
  readonly onClose: () => void;
}): VNode {
  const { api } = useDashboard();
  const trouble = useSignal<string | undefined>(undefined);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  const crash = async (): Promise<void> => {
    const answer = await api.crash(service);
    if (answer.kind === 'ok') dialog.current?.close();
    else trouble.value = answer.kind === 'refused' ? answer.problem.detail : answer.detail;
  };
  return (
    <dialog
      ref={dialog}
      aria-labelledby={`${id}-title`}
      aria-describedby={`${id}-text`}
      onClose={onClose}
      data-testid="crash-dialog"
    >
      <h2 id={`${id}-title`}>Crash {service}?</h2>
      <p id={`${id}-text`}>
        Its process kills itself at once, in the middle of whatever it does. The supervisor starts it again,
        and every order under way must still end confirmed or undone.
      </p>
      {trouble.value !== undefined && (
        <p class="form-error" role="alert">
          {trouble.value}
        </p>
      )}
      <div class="form-actions">
        <button type="button" onClick={() => dialog.current?.close()}>
          Keep it running
        </button>
        <button type="button" class="button-danger" onClick={crash}>
          Crash {service}
        </button>
      </div>
    </dialog>
  );
}
