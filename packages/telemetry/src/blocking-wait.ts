// Waiting without giving up the thread, for the few short and bounded places where the work is synchronous.

/** Blocks this thread, and with it the event loop, for `ms`. */
export function blockingWait(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
