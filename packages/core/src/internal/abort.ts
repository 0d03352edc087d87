/** Cancelling without leaks: child signals that let go of their parent, and waits that end when a signal does. */

/** An abort signal below another one. Disposing it detaches it from its parent; it does not abort it. */
export interface ChildAbort extends Disposable {
  readonly signal: AbortSignal;
  abort(reason: unknown): void;
}

/** `AbortSignal.any` would do, but would keep the child reachable from a long-lived parent until collected. */
export function childAbort(parent: AbortSignal): ChildAbort {
  const controller = new AbortController();
  const follow = (): void => controller.abort(parent.reason);
  if (parent.aborted) follow();
  else parent.addEventListener('abort', follow, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [Symbol.dispose]: () => parent.removeEventListener('abort', follow),
  };
}

/**
 * Runs `start` and answers as it does, unless `signal` aborts first: then rejects at once with the signal's reason,
 * and a late rejection of the abandoned work is observed, so that it can never end the process.
 */
export function untilAborted<T>(start: () => Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const abort = (): void => reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    started(start).then(
      (value) => {
        signal.removeEventListener('abort', abort);
        resolve(value);
      },
      (error: unknown) => {
        signal.removeEventListener('abort', abort);
        reject(error);
      },
    );
  });
}

/** Turns a synchronous throw into a rejection. */
async function started<T>(start: () => Promise<T>): Promise<T> {
  return start();
}
