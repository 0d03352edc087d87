// Recording must never disturb the work it records: what cannot be stored is dropped, counted, and said once a minute.
import type { Runtime } from '@holdfast/core';

/** Why spans were dropped. */
export type DropReason =
  /** The queue was full: spans end faster than the trace file takes them. */
  | 'queue-full'
  /** The trace file could not be written. */
  | 'store-unavailable';

/** Drops since the report before. `error` is the store's last error, when it was the store. */
export interface DropReport {
  readonly dropped: number;
  readonly reasons: Readonly<Partial<Record<DropReason, number>>>;
  readonly error?: unknown;
}

export interface Drops {
  add(reason: DropReason, count: number, error?: unknown): void;
  /** Reports what is not yet reported, whatever the time. */
  close(): void;
  /** All drops since the start. */
  total(): number;
}

const REPORT_INTERVAL_MS = 60_000;

/**
 * Counts drops. The first is reported at once, further ones at most once per minute and summed up, by the drop that
 * finds the minute over: no timer, an idle process stays idle.
 */
export function countDrops(runtime: Pick<Runtime, 'monotonic'>, report: (drops: DropReport) => void): Drops {
  let reasons: Partial<Record<DropReason, number>> = {};
  let lastError: unknown;
  let unreported = 0;
  let total = 0;
  let nextReportAtMs = Number.NEGATIVE_INFINITY;

  const flush = (): void => {
    if (unreported === 0) return;
    const drops = { dropped: unreported, reasons, ...(lastError === undefined ? {} : { error: lastError }) };
    nextReportAtMs = runtime.monotonic() + REPORT_INTERVAL_MS;
    reasons = {};
    lastError = undefined;
    unreported = 0;
    report(drops);
  };

  return {
    add: (reason, count, error) => {
      reasons[reason] = (reasons[reason] ?? 0) + count;
      unreported += count;
      total += count;
      if (error !== undefined) lastError = error;
      if (runtime.monotonic() >= nextReportAtMs) flush();
    },
    close: flush,
    total: () => total,
  };
}
