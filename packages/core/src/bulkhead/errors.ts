import { HoldfastError } from '../errors.ts';
import type { BulkheadSettings, Tier } from './options.ts';

/** `queue-full`: refused at once. `queue-timeout`: waited for a place in vain. */
export type BulkheadRefusal = 'queue-full' | 'queue-timeout';

/** `HF_BULKHEAD_FULL`: the pool had no place. The operation was not called, so repeating it is always safe. */
export class BulkheadFullError extends HoldfastError {
  readonly code = 'HF_BULKHEAD_FULL';
  readonly retryable = true;
  /** Name of the pool. */
  readonly key: string;
  readonly tier: Tier;
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly reason: BulkheadRefusal;

  constructor(key: string, settings: BulkheadSettings, reason: BulkheadRefusal) {
    const pool = `${settings.tier} pool "${key}" (${settings.maxConcurrent} at once, ${settings.maxQueued} waiting)`;
    super(
      reason === 'queue-full'
        ? `${pool} is full; the call was refused without being made`
        : `${pool} had no free place in time; the call left the queue without being made`,
    );
    this.key = key;
    this.tier = settings.tier;
    this.maxConcurrent = settings.maxConcurrent;
    this.maxQueued = settings.maxQueued;
    this.reason = reason;
  }
}
