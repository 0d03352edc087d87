/** The live stream's connection, as a person sees it, and how long to wait before trying again. Pure. */

export type Connection =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** `attempt` counts from 1; `retryAtMs` is epoch ms. */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAtMs: number };

const FIRST_MS = 500;
const MAX_MS = 15_000;

/**
 * Exponential from 0.5 s to 15 s with equal jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"), so that
 * many open pages do not come back in step.
 * @param attempt from 1
 * @param chance 0..1
 */
export function backoffMs(attempt: number, chance: number): number {
  const full = Math.min(MAX_MS, FIRST_MS * 2 ** Math.min(attempt - 1, 10));
  return Math.round(full / 2 + (full / 2) * chance);
}

export function connectionWords(connection: Connection, nowMs: number): string {
  switch (connection.kind) {
    case 'connecting':
      return 'Connecting';
    case 'live':
      return 'Live';
    case 'waiting': {
      const seconds = Math.max(0, Math.ceil((connection.retryAtMs - nowMs) / 1_000));
      return `Reconnecting in ${seconds} s`;
    }
  }
}
