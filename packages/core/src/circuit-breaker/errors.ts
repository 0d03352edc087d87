import { HoldfastError } from '../errors.ts';

/** `open`: refusing. `probing`: half-open, and no probe is free. `recovering`: just closed, admission still rises. */
export type RejectionReason = 'open' | 'probing' | 'recovering';

/** `HF_BREAKER_OPEN`: refused without calling the operation, so that repeating it is always safe. */
export class BreakerOpenError extends HoldfastError {
  readonly code = 'HF_BREAKER_OPEN';
  readonly retryable = true;
  /** Name of the breaker. */
  readonly key: string;
  /** The earliest moment at which asking again makes sense. */
  readonly retryAfterMs: number;
  readonly reason: RejectionReason;

  constructor(key: string, retryAfterMs: number, reason: RejectionReason) {
    const said = {
      open: `is open; the next probe may pass in ${Math.ceil(retryAfterMs)} ms`,
      probing: `is half-open and its probes are under way; ask again in ${Math.ceil(retryAfterMs)} ms`,
      recovering: `has just closed and admits only part of the calls; ask again in ${Math.ceil(retryAfterMs)} ms`,
    };
    super(`circuit "${key}" ${said[reason]}; nothing was called`);
    this.key = key;
    this.retryAfterMs = retryAfterMs;
    this.reason = reason;
  }
}

/**
 * `HF_PROBE_LEASE_EXPIRED`: this call was the probe of a half-open circuit and did not finish within its lease. Its
 * signal was aborted; whether it took effect is unknown. A timeout below `probeLeaseMs` inside the breaker avoids it.
 */
export class ProbeLeaseExpiredError extends HoldfastError {
  readonly code = 'HF_PROBE_LEASE_EXPIRED';
  readonly retryable = true;
  readonly key: string;
  readonly leaseMs: number;

  constructor(key: string, leaseMs: number) {
    super(
      `the probe of half-open circuit "${key}" did not finish within its lease of ${Math.round(leaseMs)} ms; it was aborted and counts as failed`,
    );
    this.key = key;
    this.leaseMs = leaseMs;
  }
}
