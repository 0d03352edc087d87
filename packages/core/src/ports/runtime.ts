/** The port through which all time and chance enter, so that one code runs in real and in virtual time. */

/** Cancels a scheduled function; harmless after it ran and when called twice. */
export type Cancel = () => void;

/** Clock, timers, chance. Every duration is in milliseconds, from 0 to 2,147,483,647 (about 24.8 days). */
export interface Runtime {
  /** Wall clock, epoch ms. May jump: for showing and for comparing with other machines' records, never for durations. */
  now(): number;
  /** Ms since some fixed moment; never goes back. For durations. */
  monotonic(): number;
  /**
   * Resolves after `ms`. Rejects with `signal.reason` as soon as `signal` aborts, and leaves no timer behind.
   * Keeps the process alive while it waits.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs `run` once after `ms` unless cancelled. Does not keep the process alive where the platform allows that. */
  schedule(ms: number, run: () => void): Cancel;
  /** Uniform in [0, 1). */
  random(): number;
  /** A version 4 UUID (RFC 9562). */
  uuid(): string;
}
