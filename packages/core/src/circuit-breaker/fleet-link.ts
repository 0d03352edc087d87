/** Keeps one instance in touch with its fleet: when to sync, and what to do while the store is down. */
import { notify } from '../internal/notify.ts';
import type { Cancel, Runtime } from '../ports/runtime.ts';
import type { StateStore } from '../ports/state-store.ts';
import type { BreakerEvent } from './events.ts';
import type { ProbeReport } from './fleet-plan.ts';
import { fleetRound } from './fleet-round.ts';
import type { FleetTally } from './fleet-window.ts';
import type { BreakerSettings } from './options.ts';
import { permitBook } from './permit-book.ts';
import type { BreakerInput, BreakerState } from './state.ts';
import { isDue } from './state.ts';
import { unsentCounts } from './unsent-counts.ts';
import type { Outcome, Tally } from './window.ts';

/** What the call path tells the link: all of it synchronous and free of input and output. */
export interface FleetLink extends AsyncDisposable {
  /** A call asked. `wantsPermit`: it was refused for want of a permit. */
  asked(wantsPermit: boolean): void;
  counted(epoch: number, outcome: Outcome): void;
  probeStarted(permitId: string): void;
  release(permitId: string): void;
  report(report: ProbeReport): void;
  /** Sync before the regular time. */
  soon(): void;
  health(): 'ok' | 'down';
  readonly unknownCalls: number;
  tally(): FleetTally;
  /** Publishes what is left, gives permits back, and ends in silence. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface FleetLinkOwner {
  readonly name: string;
  readonly instanceId: string;
  readonly settings: BreakerSettings;
  readonly onEvent: ((event: BreakerEvent) => void) | undefined;
  state(): BreakerState;
  feed(input: BreakerInput): void;
  tally(): Tally;
}

/**
 * One round at a time, about every `syncIntervalMs` (a fifth sooner at most, so that instances drift apart), sooner on
 * a trip, a finished probe or a missing permit, and no more than ten times per interval for the last. An instance
 * that has not been asked for a window and holds nothing is silent.
 */
export function fleetLink(store: StateStore, owner: FleetLinkOwner, runtime: Runtime): FleetLink {
  const { name, instanceId, settings } = owner;
  const session = runtime.uuid();
  const unsent = unsentCounts();
  const book = permitBook(session);
  let health: 'ok' | 'down' = 'ok';
  let downSinceMs = 0;
  let unknownCalls = 0;
  let askedAtMs = Number.NEGATIVE_INFINITY;
  let refusedForPermit = 0;
  let armed: { readonly atMs: number; readonly cancel: Cancel } | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;

  const round = fleetRound(
    store,
    {
      name,
      instanceId,
      session,
      settings,
      state: owner.state,
      feed: owner.feed,
      tally: owner.tally,
      demand: () => (isAwake() ? Math.max(refusedForPermit, 1) : 0),
      isPressed: () => refusedForPermit > 0,
      granted: () => {
        refusedForPermit = 0;
      },
      reached: cameUp,
      countsUnknown(calls) {
        unknownCalls += calls;
        tell({ kind: 'counts-unknown', key: name, instanceId, calls, atMs: runtime.now() });
      },
    },
    unsent,
    book,
    runtime,
  );

  function tell(event: BreakerEvent): void {
    notify(owner.onEvent, event, runtime);
  }

  /** Asked within the last window: only then does anybody care. */
  function isAwake(): boolean {
    return !stopped && runtime.monotonic() - askedAtMs <= settings.windowMs;
  }

  function holdsPermits(): boolean {
    const { phase } = owner.state();
    return phase.kind === 'half-open' && phase.permits.length > 0;
  }

  function cameUp(): void {
    if (health === 'ok') return;
    health = 'ok';
    const nowMs = runtime.monotonic();
    owner.feed({ kind: 'authority', authority: 'store' });
    tell({ kind: 'store-up', key: name, instanceId, downForMs: nowMs - downSinceMs, atMs: runtime.now() });
  }

  function wentDown(error: unknown): void {
    if (health === 'down') return;
    health = 'down';
    const nowMs = runtime.monotonic();
    downSinceMs = nowMs;
    const mode = settings.storeDown;
    owner.feed({ kind: 'authority', authority: mode === 'local' ? 'self' : 'nobody' });
    tell({ kind: 'store-down', key: name, instanceId, mode, error, atMs: runtime.now() });
  }

  async function sync(): Promise<void> {
    try {
      await round.run();
    } catch (error) {
      wentDown(error);
    }
  }

  function tick(): void {
    armed = undefined;
    running = sync().then(() => {
      running = undefined;
      if (again) within(0);
      else arm();
      again = false;
    });
  }

  /** Makes the next round begin within `delayMs`. */
  function within(delayMs: number): void {
    if (stopped || running !== undefined) return;
    const atMs = runtime.monotonic() + delayMs;
    if (armed !== undefined && armed.atMs <= atMs) return;
    armed?.cancel();
    armed = { atMs, cancel: runtime.schedule(delayMs, tick) };
  }

  function arm(): void {
    if (armed !== undefined || running !== undefined || stopped) return;
    if (!isAwake() && unsent.isEmpty && !book.hasNews && !holdsPermits()) return;
    const regularMs = settings.syncIntervalMs * (0.8 + 0.2 * runtime.random());
    within(Math.min(regularMs, untilDueMs()));
  }

  /** An open circuit that is asked is probed when it is due, not at the next regular time. */
  function untilDueMs(): number {
    const { phase } = owner.state();
    const nowMs = runtime.monotonic();
    if (phase.kind !== 'open' || isDue(owner.state(), nowMs)) return Number.POSITIVE_INFINITY;
    return phase.sinceMs + phase.forMs - nowMs;
  }

  return {
    asked(wantsPermit) {
      // The first look at the fleet's totals is the baseline of all later ones: it must not wait for calls to be counted.
      if (!isAwake()) within(0);
      askedAtMs = runtime.monotonic();
      if (wantsPermit) {
        refusedForPermit = Math.min(refusedForPermit + 1, settings.halfOpenProbes);
        within(settings.syncIntervalMs / 10);
      } else {
        arm();
      }
    },
    counted(epoch, outcome) {
      unsent.record(epoch, outcome);
      arm();
    },
    probeStarted: (permitId) => book.started(permitId),
    release(permitId) {
      book.release(permitId);
      arm();
    },
    report: (report) => book.report(report),
    soon() {
      if (running !== undefined) again = true;
      else within(0);
    },
    health: () => health,
    get unknownCalls() {
      return unknownCalls;
    },
    tally: () => round.tally(),
    async [Symbol.asyncDispose]() {
      if (stopped) return;
      stopped = true;
      armed?.cancel();
      armed = undefined;
      await running;
      owner.feed({ kind: 'yield' });
      if (!unsent.isEmpty || book.hasNews) await sync();
      owner.feed({ kind: 'authority', authority: 'self' });
    },
  };
}
