/** What a bulkhead may be told. */
import { optionsReader } from '../internal/options-reader.ts';

/** How much the work of a pool matters when not all of it can be done; for showing and for choosing bounds. */
export type Tier = 'critical' | 'standard' | 'non-critical';

export interface BulkheadOptions {
  /** Calls that may run at once, 1 to 100,000. Default 10. */
  readonly maxConcurrent?: number;
  /** Calls that may wait for a place, 0 to 100,000. Default 0: refuse at once. */
  readonly maxQueued?: number;
  /** Longest wait for a place, 1 to 2,147,483,647 ms; a sooner deadline of the call holds. Default 1,000. */
  readonly queueTimeoutMs?: number;
  /** Default `standard`. */
  readonly tier?: Tier;
}

/** Options with every default filled in and checked. */
export type BulkheadSettings = Required<BulkheadOptions>;

/** @throws InvalidOptionsError `HF_INVALID_OPTIONS`. */
export function bulkheadSettings(owner: string, options: BulkheadOptions): BulkheadSettings {
  const read = optionsReader(owner, options);
  return Object.freeze({
    maxConcurrent: read.integer('maxConcurrent', 10, 1, 100_000),
    maxQueued: read.integer('maxQueued', 0, 0, 100_000),
    queueTimeoutMs: read.durationMs('queueTimeoutMs', 1_000),
    tier: read.choice('tier', 'standard', ['critical', 'standard', 'non-critical']),
  });
}
