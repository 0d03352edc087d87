/** The one way in which timeout and deadline cut a call off. */
import type { Call, Operation } from '../call.ts';
import type { Runtime } from '../ports/runtime.ts';
import { childAbort, untilAborted } from './abort.ts';

/**
 * Runs `operation` for at most `limitMs`; then aborts its signal with `expired()` and rejects with the same error,
 * whether or not the operation listens. The operation sees the earlier of its caller's deadline and this limit.
 */
export async function bounded<T>(
  operation: Operation<T>,
  call: Call,
  limitMs: number,
  expired: () => Error,
  runtime: Runtime,
): Promise<T> {
  using child = childAbort(call.signal);
  const limitAtMs = runtime.monotonic() + limitMs;
  const deadlineAtMs = Math.min(call.deadlineAtMs ?? Number.POSITIVE_INFINITY, limitAtMs);
  const cancel = runtime.schedule(limitMs, () => child.abort(expired()));
  try {
    return await untilAborted(() => operation({ ...call, signal: child.signal, deadlineAtMs }), child.signal);
  } finally {
    cancel();
  }
}
