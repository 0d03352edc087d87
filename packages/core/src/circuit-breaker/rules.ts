/** The arithmetic that one instance and the whole fleet judge by. */
import type { BreakerSettings } from './options.ts';
import type { Tally } from './window.ts';

export type TripReason = 'failure-ratio' | 'slow-call-ratio';

/** Why these calls open a circuit, or `undefined` when they do not. */
export function trips(tally: Tally, settings: BreakerSettings): TripReason | undefined {
  return tally.calls < settings.minimumCalls ? undefined : overThreshold(tally, settings);
}

/** Like {@link trips}, without regard to the least number of calls: whether what there is looks bad. */
export function overThreshold(tally: Tally, settings: BreakerSettings): TripReason | undefined {
  if (tally.calls === 0) return undefined;
  if (tally.failures / tally.calls >= settings.failureRatio) return 'failure-ratio';
  return tally.slow / tally.calls >= settings.slowCallRatio ? 'slow-call-ratio' : undefined;
}

/**
 * Length of the `openings`-th opening in a row: doubles up to the cap, less up to a fifth by jitter, so that the
 * instances of a fleet that opened together do not all probe together.
 */
export function openForMs(openings: number, draw: number, settings: BreakerSettings): number {
  return Math.min(settings.maxOpenForMs, settings.openForMs * 2 ** (openings - 1)) * (1 - 0.2 * draw);
}

/** The number in a row of an opening now: a circuit that stayed closed for its ramp and a whole window begins anew. */
export function openingsAfter(
  closed: { readonly sinceMs: number; readonly openings: number },
  nowMs: number,
  settings: BreakerSettings,
): number {
  const recovered = nowMs - closed.sinceMs >= settings.slowStart.durationMs + settings.windowMs;
  return (recovered ? 0 : closed.openings) + 1;
}
