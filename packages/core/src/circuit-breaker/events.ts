/** What a breaker says about itself: events as they happen, and a snapshot on demand. */
import type { RejectionReason } from './errors.ts';
import type { BreakerKind, BreakerScope } from './state.ts';
import type { Bucket } from './window.ts';

/**
 * `atMs` is epoch ms. A transition of scope `fleet` is told by every instance that follows it; `by` names the one that
 * made it, so that counting those with `by === instanceId` over the fleet counts each once.
 */
export type BreakerEvent =
  | {
      readonly kind: 'transition';
      readonly key: string;
      readonly instanceId: string;
      readonly scope: BreakerScope;
      readonly from: BreakerKind;
      readonly to: BreakerKind;
      readonly epoch: number;
      /** This instance's own count of its changes; results that carry an older one are ignored. */
      readonly turn: number;
      readonly reason: string;
      readonly by: string;
      readonly atMs: number;
    }
  | {
      readonly kind: 'rejected';
      readonly key: string;
      readonly instanceId: string;
      readonly reason: RejectionReason;
      readonly retryAfterMs: number;
      readonly atMs: number;
    }
  | {
      readonly kind: 'store-down';
      readonly key: string;
      readonly instanceId: string;
      readonly mode: 'local' | 'closed-to-probes';
      readonly error: unknown;
      readonly atMs: number;
    }
  | {
      readonly kind: 'store-up';
      readonly key: string;
      readonly instanceId: string;
      readonly downForMs: number;
      readonly atMs: number;
    }
  /** Calls whose publication failed with unknown outcome: they are in the fleet's totals, or they are not. */
  | {
      readonly kind: 'counts-unknown';
      readonly key: string;
      readonly instanceId: string;
      readonly calls: number;
      readonly atMs: number;
    };

/** A breaker at one moment, as one instance sees it. */
export interface BreakerSnapshot {
  readonly name: string;
  readonly instanceId: string;
  readonly state: BreakerKind;
  readonly epoch: number;
  readonly turn: number;
  readonly scope: BreakerScope;
  /** This instance's own calls in the window. */
  readonly calls: number;
  readonly failures: number;
  readonly slow: number;
  /** 0 when there are no calls. */
  readonly failureRatio: number;
  /** Oldest first; `startMs` is epoch ms. */
  readonly window: readonly Bucket[];
  /** Until a probe may pass; 0 unless open, and when it is due. */
  readonly reopensInMs: number;
  /** Of this instance. */
  readonly probesInFlight: number;
  readonly store: 'ok' | 'down' | 'none';
  /** Calls whose publication had an unknown outcome, since the breaker was made. */
  readonly unknownCalls: number;
  /** The fleet within the window, as of the last sync; zeros without a store. `instances` is a lower bound. */
  readonly fleet: { readonly instances: number; readonly calls: number; readonly failures: number };
}
