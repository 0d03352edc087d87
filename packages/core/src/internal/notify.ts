/** Hands events to a listener without letting the listener's own failure touch the guarded call. */
import type { Runtime } from '../ports/runtime.ts';

/**
 * Calls `listener`. A throw is rethrown from a timer, where the platform reports it as an uncaught exception: the way
 * in which `EventTarget` treats its listeners, and the only one that neither breaks the call nor hides the bug.
 */
export function notify<Event>(
  listener: ((event: Event) => void) | undefined,
  event: Event,
  runtime: Runtime,
): void {
  if (listener === undefined) return;
  try {
    listener(event);
  } catch (error) {
    runtime.schedule(0, () => {
      throw error;
    });
  }
}
