import fc from 'fast-check';
import { expect, test } from 'vitest';
import { step } from './machine.ts';
import { breakerSettings } from './options.ts';
import type { Authority, BreakerInput, BreakerKind, BreakerState, Probe } from './state.ts';
import { initialState } from './state.ts';
import type { Outcome } from './window.ts';

const settings = breakerSettings('breaker', {
  minimumCalls: 4,
  halfOpenProbes: 2,
  openForMs: 1_000,
  probeLeaseMs: 400,
  windowMs: 1_000,
  slowStart: { durationMs: 200 },
});

/** What may happen to an instance; `settle` picks one of the calls in flight, `adopt` an epoch near its own. */
type Happening =
  | { readonly kind: 'ask'; readonly waitMs: number }
  | {
      readonly kind: 'settle';
      readonly which: number;
      readonly outcome: Outcome | 'ignored';
      readonly trips: boolean;
    }
  | { readonly kind: 'adopt'; readonly fleet: BreakerKind; readonly ahead: number }
  | { readonly kind: 'grant'; readonly id: string }
  | { readonly kind: 'yield' }
  | { readonly kind: 'authority'; readonly authority: Authority };

const local: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({ kind: fc.constant('ask' as const), waitMs: fc.integer({ min: 0, max: 900 }) }),
  fc.record({
    kind: fc.constant('settle' as const),
    which: fc.nat(5),
    outcome: fc.constantFrom('success' as const, 'failure' as const, 'slow' as const, 'ignored' as const),
    trips: fc.boolean(),
  }),
);

const shared: fc.Arbitrary<Happening> = fc.oneof(
  fc.record({
    kind: fc.constant('adopt' as const),
    fleet: fc.constantFrom<BreakerKind>('closed', 'open', 'half-open'),
    ahead: fc.integer({ min: -1, max: 1 }),
  }),
  fc.record({ kind: fc.constant('grant' as const), id: fc.constantFrom('a', 'b', 'c') }),
  fc.constant({ kind: 'yield' as const }),
  fc.record({
    kind: fc.constant('authority' as const),
    authority: fc.constantFrom<Authority>('self', 'store', 'nobody'),
  }),
);

interface InFlight {
  readonly turn: number;
  readonly probe: Probe | undefined;
}

/** An instance with its calls in flight, to which things happen. */
function instance(withStore: boolean) {
  let state = initialState(0, withStore);
  let nowMs = 0;
  const inFlight: InFlight[] = [];

  function inputOf(happening: Happening): BreakerInput | undefined {
    switch (happening.kind) {
      case 'ask':
        nowMs += happening.waitMs;
        return { kind: 'ask', nowMs };
      case 'settle': {
        const [call] = inFlight.splice(happening.which % Math.max(1, inFlight.length), 1);
        if (call === undefined) return undefined;
        const tally = { calls: 8, successes: 8, failures: happening.trips ? 8 : 0, slow: 0 };
        return { kind: 'settled', nowMs, ...call, outcome: happening.outcome, tally, draw: 0.5 };
      }
      case 'adopt': {
        const epoch = Math.max(0, state.epoch + happening.ahead);
        const said = { openings: 1, openForMs: 500, successes: 0, by: 'other', reason: 'said' };
        return { kind: 'adopted', nowMs, fleet: { kind: happening.fleet, epoch, ...said } };
      }
      case 'grant':
        return { kind: 'granted', nowMs, permits: [{ id: happening.id, expiresAtMs: nowMs + 400 }] };
      default:
        return happening;
    }
  }

  return {
    /** Lets it happen, and answers what it was before, what came in, and what the machine says must be done. */
    live(happening: Happening) {
      const before = state;
      const input = inputOf(happening);
      if (input === undefined) return undefined;
      const next = step(state, input, settings);
      state = next.state;
      for (const effect of next.effects) {
        if (effect.kind === 'admit') inFlight.push({ turn: effect.turn, probe: effect.probe });
      }
      return { before, input, after: state, effects: next.effects };
    },
    probesOfThisTurn: (): readonly InFlight[] =>
      inFlight.filter(({ turn, probe }) => turn === state.turn && probe !== undefined),
  };
}

function checkTransition(before: BreakerState, after: BreakerState, withStore: boolean): void {
  expect(after.epoch).toBeGreaterThanOrEqual(before.epoch);
  expect(after.turn).toBeGreaterThanOrEqual(before.turn);
  if (after.phase.kind !== before.phase.kind) expect(after.turn).toBe(before.turn + 1);
  if (!withStore) expect(after.epoch).toBe(after.turn);
}

function checkProbes(state: BreakerState, probes: readonly InFlight[]): void {
  if (state.phase.kind === 'half-open') expect(state.phase.probing).toBe(probes.length);
  const unpermitted = probes.filter(({ probe }) => probe?.permit === undefined);
  expect(unpermitted.length).toBeLessThanOrEqual(settings.halfOpenProbes);
}

test.each([
  { name: 'alone', withStore: false, happening: local },
  {
    name: 'in a fleet',
    withStore: true,
    happening: fc.oneof({ weight: 2, arbitrary: local }, { weight: 1, arbitrary: shared }),
  },
])(
  '$name: turns and epochs only grow, stale results change nothing, probes are accounted for',
  ({ withStore, happening }) => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(fc.array(happening, { maxLength: 150, size: 'max' }), (life) => {
        const one = instance(withStore);
        for (const each of life) {
          const lived = one.live(each);
          if (lived === undefined) continue;
          const { before, input, after, effects } = lived;
          checkTransition(before, after, withStore);
          checkProbes(after, one.probesOfThisTurn());
          if (input.kind === 'settled' && input.turn !== before.turn) {
            expect(after).toEqual(before);
            reached.add('stale');
          }
          reached.add(`${after.phase.kind} by ${after.scope}`);
          for (const effect of effects) reached.add(effect.kind);
        }
      }),
      { numRuns: 300 },
    );
    const always = [
      'open by instance',
      'half-open by instance',
      'closed by instance',
      'stale',
      'refuse',
      'announce',
    ];
    const together = ['open by fleet', 'half-open by fleet', 'closed by fleet', 'report', 'release'];
    for (const must of withStore ? [...always, ...together] : always) expect(reached).toContain(must);
  },
);
