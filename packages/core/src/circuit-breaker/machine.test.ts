import { describe, expect, test } from 'vitest';
import { step } from './machine.ts';
import { breakerSettings } from './options.ts';
import { openForMs, openingsAfter } from './rules.ts';
import type {
  BreakerEffect,
  BreakerInput,
  BreakerKind,
  BreakerState,
  FleetView,
  Phase,
  Probe,
} from './state.ts';
import { initialState } from './state.ts';

const settings = breakerSettings('breaker', {
  minimumCalls: 4,
  halfOpenProbes: 2,
  openForMs: 1_000,
  maxOpenForMs: 4_000,
  probeLeaseMs: 400,
  syncIntervalMs: 100,
  windowMs: 1_000,
  slowCallMs: 50,
  slowStart: { durationMs: 0 },
});

const alone = initialState(0, false);
const member = initialState(0, true);
const bad = { calls: 4, successes: 2, failures: 2, slow: 0 };
const good = { calls: 4, successes: 3, failures: 1, slow: 0 };
const few = { calls: 3, successes: 0, failures: 3, slow: 0 };
const sluggish = { calls: 5, successes: 1, failures: 0, slow: 4 };

const permit = (id: string, expiresAtMs = 10_000) => ({ id, expiresAtMs });
const openPhase = (openings = 1, forMs = 1_000): Phase => ({ kind: 'open', sinceMs: 0, openings, forMs });
type HalfOpen = Extract<Phase, { kind: 'half-open' }>;
const halfOpen = (more: Partial<HalfOpen> = {}): HalfOpen => ({
  kind: 'half-open',
  sinceMs: 0,
  openings: 1,
  permits: [],
  probing: 0,
  successes: 0,
  ...more,
});
const closedAt = (sinceMs: number, openings: number): Phase => ({
  kind: 'closed',
  sinceMs,
  openings,
  ramp: undefined,
});
const view = (kind: BreakerKind, epoch: number, more: Partial<FleetView> = {}): FleetView => ({
  kind,
  epoch,
  openings: 3,
  openForMs: 2_500,
  successes: 1,
  by: 'other',
  reason: 'said',
  ...more,
});

const ask = (nowMs: number): BreakerInput => ({ kind: 'ask', nowMs });
const settle = (
  turn: number,
  outcome: 'success' | 'failure' | 'slow' | 'ignored',
  tally = good,
  probe?: Probe,
): BreakerInput => ({ kind: 'settled', nowMs: 500, turn, probe, outcome, tally, draw: 0 });
const adopt = (fleet: FleetView): BreakerInput => ({ kind: 'adopted', nowMs: 500, fleet });

const admit = (turn: number, probe?: Probe): BreakerEffect => ({ kind: 'admit', turn, probe });
const refuse = (retryAfterMs: number, reason: 'open' | 'probing', wantsPermit = false): BreakerEffect => ({
  kind: 'refuse',
  retryAfterMs,
  reason,
  wantsPermit,
});
const told = (
  scope: 'fleet' | 'instance',
  from: BreakerKind,
  to: BreakerKind,
  reason: string,
  by?: string,
): BreakerEffect => ({ kind: 'announce', scope, from, to, reason, by });
const soon: BreakerEffect = { kind: 'sync-soon' };
const clear: BreakerEffect = { kind: 'clear-window' };
const release = (permitId: string): BreakerEffect => ({ kind: 'release', permitId });

interface Row {
  readonly name: string;
  readonly from: BreakerState;
  readonly input: BreakerInput;
  /** What changes of the state. */
  readonly to: Partial<BreakerState>;
  readonly effects: readonly BreakerEffect[];
}

function check(rows: readonly Row[]): void {
  test.each(rows)('$name', ({ from, input, to, effects }) => {
    expect(step(from, input, settings)).toEqual({ state: { ...from, ...to }, effects });
  });
}

describe('closed', () => {
  const opened = { phase: { ...openPhase(), sinceMs: 500 }, scope: 'instance', turn: 1 } as const;
  check([
    { name: 'admits', from: alone, input: ask(5), to: {}, effects: [admit(0)] },
    {
      name: 'stays below the threshold',
      from: alone,
      input: settle(0, 'failure', good),
      to: {},
      effects: [],
    },
    { name: 'stays below the minimum', from: alone, input: settle(0, 'failure', few), to: {}, effects: [] },
    {
      name: 'opens over the threshold; without a store that is a new epoch',
      from: alone,
      input: settle(0, 'failure', bad),
      to: { ...opened, epoch: 1 },
      effects: [told('instance', 'closed', 'open', 'failure-ratio'), soon],
    },
    {
      name: 'opens for itself only, with a store: the epoch is the fleet’s',
      from: member,
      input: settle(0, 'failure', bad),
      to: opened,
      effects: [told('instance', 'closed', 'open', 'failure-ratio'), soon],
    },
    {
      name: 'opens when too much is slow',
      from: alone,
      input: settle(0, 'slow', sluggish),
      to: { ...opened, epoch: 1 },
      effects: [told('instance', 'closed', 'open', 'slow-call-ratio'), soon],
    },
    {
      name: 'opens for longer when it has only just closed',
      from: { ...alone, phase: closedAt(0, 1) },
      input: settle(0, 'failure', bad),
      to: { ...opened, phase: { kind: 'open', sinceMs: 500, openings: 2, forMs: 2_000 }, epoch: 1 },
      effects: [told('instance', 'closed', 'open', 'failure-ratio'), soon],
    },
    {
      name: 'does not open on what was ignored',
      from: alone,
      input: settle(0, 'ignored', bad),
      to: {},
      effects: [],
    },
    {
      name: 'does not open on a result of an older turn',
      from: { ...alone, turn: 2 },
      input: settle(1, 'failure', bad),
      to: {},
      effects: [],
    },
  ]);
});

describe('open', () => {
  const shut = { ...alone, phase: openPhase(), turn: 1 };
  check([
    {
      name: 'refuses one millisecond early',
      from: shut,
      input: ask(999),
      to: {},
      effects: [refuse(1, 'open')],
    },
    {
      name: 'without a store probes when due',
      from: shut,
      input: ask(1_000),
      to: { phase: halfOpen({ sinceMs: 1_000, probing: 1 }), turn: 2, epoch: 2 },
      effects: [told('instance', 'open', 'half-open', 'open-elapsed'), admit(2, { permit: undefined })],
    },
    {
      name: 'with a store asks for a permit when due',
      from: { ...member, phase: openPhase() },
      input: ask(1_000),
      to: {},
      effects: [refuse(10, 'open', true)],
    },
    {
      name: 'with nobody to ask stays open',
      from: { ...member, phase: openPhase(), authority: 'nobody' },
      input: ask(9_000),
      to: {},
      effects: [refuse(10, 'open', true)],
    },
    {
      name: 'turns half-open with the permit that it gets for itself',
      from: { ...member, phase: openPhase(), scope: 'instance', turn: 1 },
      input: { kind: 'granted', nowMs: 1_000, permits: [permit('p')] },
      to: { phase: halfOpen({ sinceMs: 1_000, permits: [permit('p')] }), turn: 2 },
      effects: [told('instance', 'open', 'half-open', 'open-elapsed')],
    },
    {
      name: 'gives back a permit that comes too early',
      from: { ...member, phase: openPhase(), scope: 'instance' },
      input: { kind: 'granted', nowMs: 999, permits: [permit('p')] },
      to: {},
      effects: [release('p')],
    },
    {
      name: 'gives back a permit that closed has no use for',
      from: member,
      input: { kind: 'granted', nowMs: 0, permits: [permit('p')] },
      to: {},
      effects: [release('p')],
    },
  ]);
});

describe('half-open', () => {
  const own = { ...alone, phase: halfOpen({ probing: 1 }), turn: 2, epoch: 2 };
  const shared: BreakerState = {
    ...member,
    phase: halfOpen({ permits: [permit('p')] }),
    turn: 2,
    epoch: 7,
    fleetKind: 'half-open',
  };
  const running: BreakerState = { ...shared, phase: halfOpen({ permits: [permit('idle')], probing: 1 }) };
  const probe = { permit: permit('p') };
  const reopened = { kind: 'open', sinceMs: 500, openings: 2, forMs: 2_000 } as const;
  check([
    {
      name: 'without a store admits up to its probes',
      from: own,
      input: ask(5),
      to: { phase: halfOpen({ probing: 2 }) },
      effects: [admit(2, { permit: undefined })],
    },
    {
      name: 'and no more',
      from: { ...own, phase: halfOpen({ probing: 2 }) },
      input: ask(5),
      to: {},
      effects: [refuse(10, 'probing')],
    },
    {
      name: 'uses a permit once',
      from: shared,
      input: ask(5),
      to: { phase: halfOpen({ probing: 1 }) },
      effects: [admit(2, probe)],
    },
    {
      name: 'admits nothing without one',
      from: { ...shared, phase: halfOpen() },
      input: ask(5),
      to: {},
      effects: [refuse(10, 'probing', true)],
    },
    {
      name: 'does not begin on the rest of a lease',
      from: shared,
      input: ask(9_801),
      to: {},
      effects: [refuse(10, 'probing', true)],
    },
    {
      name: 'begins with half a lease left',
      from: shared,
      input: ask(9_800),
      to: { phase: halfOpen({ probing: 1 }) },
      effects: [admit(2, probe)],
    },
    {
      name: 'counts a success of its own',
      from: own,
      input: settle(2, 'success', good, { permit: undefined }),
      to: { phase: halfOpen({ successes: 1 }) },
      effects: [],
    },
    {
      name: 'closes itself after enough',
      from: { ...own, phase: halfOpen({ probing: 1, successes: 1 }) },
      input: settle(2, 'success', good, { permit: undefined }),
      to: { phase: closedAt(500, 1), turn: 3, epoch: 3 },
      effects: [told('instance', 'half-open', 'closed', 'probes-succeeded'), clear, soon],
    },
    ...(['failure', 'slow'] as const).map((outcome) => ({
      name: `opens itself for longer on a ${outcome}`,
      from: own,
      input: settle(2, outcome, good, { permit: undefined }),
      to: { phase: reopened, turn: 3, epoch: 3 },
      effects: [told('instance', 'half-open', 'open', 'probe-failed'), soon],
    })),
    {
      name: 'takes no verdict from a caller that left',
      from: own,
      input: settle(2, 'ignored', good, { permit: undefined }),
      to: { phase: halfOpen() },
      effects: [],
    },
    {
      name: 'gives the permit of a caller that left back',
      from: running,
      input: settle(2, 'ignored', good, probe),
      to: { phase: halfOpen({ permits: [permit('idle')] }) },
      effects: [release('p')],
    },
    {
      name: 'lets the fleet count a success',
      from: running,
      input: settle(2, 'success', good, probe),
      to: { phase: halfOpen({ permits: [permit('idle')], successes: 1 }) },
      effects: [{ kind: 'report', permitId: 'p', epoch: 7, ok: true }, soon],
    },
    {
      name: 'stops at once on a failure, gives up what it holds, and tells the fleet',
      from: running,
      input: settle(2, 'failure', good, probe),
      to: { phase: reopened, scope: 'instance', turn: 3 },
      effects: [
        release('idle'),
        told('instance', 'half-open', 'open', 'probe-failed'),
        soon,
        { kind: 'report', permitId: 'p', epoch: 7, ok: false },
        soon,
      ],
    },
    {
      name: 'only takes back the permit of a stale probe',
      from: running,
      input: settle(1, 'failure', bad, probe),
      to: {},
      effects: [release('p')],
    },
    {
      name: 'holds a renewed permit instead of the old one',
      from: shared,
      input: { kind: 'granted', nowMs: 5, permits: [permit('p', 20_000), permit('q')] },
      to: { phase: halfOpen({ permits: [permit('p', 20_000), permit('q')] }) },
      effects: [],
    },
    {
      name: 'yields what it does not use',
      from: running,
      input: { kind: 'yield' },
      to: { phase: halfOpen({ probing: 1 }) },
      effects: [release('idle')],
    },
    {
      name: 'forgets what the store forgot',
      from: running,
      input: { kind: 'lost', permitIds: new Set(['idle']) },
      to: { phase: halfOpen({ probing: 1 }) },
      effects: [],
    },
  ]);
});

describe('the fleet', () => {
  const aware: BreakerState = { ...member, epoch: 5, turn: 2 };
  const probing: BreakerState = {
    ...aware,
    fleetKind: 'half-open',
    phase: halfOpen({ permits: [permit('p')], probing: 1 }),
  };
  const opened: Phase = { kind: 'open', sinceMs: 500, openings: 3, forMs: 2_500 };
  const followed = { scope: 'fleet', turn: 3, epoch: 6 } as const;
  const strayed: BreakerState = { ...aware, fleetKind: 'open', scope: 'instance', phase: openPhase() };
  check([
    {
      name: 'opens: time runs from hearing of it',
      from: aware,
      input: adopt(view('open', 6)),
      to: { ...followed, phase: opened, fleetKind: 'open' },
      effects: [told('fleet', 'closed', 'open', 'said', 'other')],
    },
    {
      name: 'opens while this one probes: unused permits go back',
      from: probing,
      input: adopt(view('open', 6)),
      to: { ...followed, phase: opened, fleetKind: 'open' },
      effects: [release('p'), told('fleet', 'half-open', 'open', 'said', 'other')],
    },
    {
      name: 'turns half-open',
      from: { ...aware, fleetKind: 'open', phase: opened },
      input: adopt(view('half-open', 6)),
      to: {
        ...followed,
        phase: halfOpen({ sinceMs: 500, openings: 3, successes: 1 }),
        fleetKind: 'half-open',
      },
      effects: [told('fleet', 'open', 'half-open', 'said', 'other')],
    },
    {
      name: 'closes: the window begins anew',
      from: probing,
      input: adopt(view('closed', 6)),
      to: { ...followed, phase: closedAt(500, 3), fleetKind: 'closed' },
      effects: [release('p'), clear, told('fleet', 'half-open', 'closed', 'said', 'other')],
    },
    {
      name: 'went round while nobody looked: only the epoch moves',
      from: strayed.scope === 'instance' ? { ...strayed, fleetKind: 'closed' } : strayed,
      input: adopt(view('closed', 8)),
      to: { epoch: 8 },
      effects: [],
    },
    {
      name: 'opened again unseen: the time begins anew, without telling a change',
      from: { ...aware, fleetKind: 'open', phase: openPhase() },
      input: adopt(view('open', 8)),
      to: { phase: opened, turn: 3, epoch: 8 },
      effects: [],
    },
    {
      name: 'of an older epoch is not heard',
      from: probing,
      input: adopt(view('open', 4)),
      to: {},
      effects: [],
    },
    {
      name: 'of the same epoch brings nothing new',
      from: { ...aware, fleetKind: 'open', phase: openPhase() },
      input: adopt(view('open', 5)),
      to: {},
      effects: [],
    },
    {
      name: 'counts the successes of all',
      from: probing,
      input: adopt(view('half-open', 5)),
      to: { phase: halfOpen({ permits: [permit('p')], probing: 1, successes: 1 }) },
      effects: [],
    },
    {
      name: 'takes back one that went its own way',
      from: strayed,
      input: adopt(view('open', 5)),
      to: { scope: 'fleet', turn: 3, phase: opened },
      effects: [],
    },
    {
      name: 'does not reopen one that recovered alone',
      from: { ...strayed, phase: closedAt(0, 1) },
      input: adopt(view('open', 5)),
      to: {},
      effects: [],
    },
    {
      name: 'out of reach: an open instance answers for itself',
      from: { ...aware, phase: openPhase() },
      input: { kind: 'authority', authority: 'self' },
      to: { authority: 'self', scope: 'instance' },
      effects: [],
    },
    {
      name: 'out of reach: a closed one has nothing to answer for',
      from: aware,
      input: { kind: 'authority', authority: 'self' },
      to: { authority: 'self' },
      effects: [],
    },
    {
      name: 'out of reach, and nobody may probe',
      from: { ...aware, phase: openPhase() },
      input: { kind: 'authority', authority: 'nobody' },
      to: { authority: 'nobody' },
      effects: [],
    },
  ]);
});

test.each([
  { openings: 1, draw: 0, expected: 1_000 },
  { openings: 2, draw: 0, expected: 2_000 },
  { openings: 3, draw: 0.5, expected: 3_600 },
  { openings: 9, draw: 0, expected: 4_000 },
  { openings: 2_000, draw: 0.5, expected: 3_600 },
])('opening $openings lasts $expected ms at draw $draw', ({ openings, draw, expected }) => {
  expect(openForMs(openings, draw, settings)).toBe(expected);
});

test.each([
  { closedForMs: 999, before: 3, expected: 4 },
  { closedForMs: 1_000, before: 3, expected: 1 },
])('an opening after $closedForMs ms closed is number $expected', ({ closedForMs, before, expected }) => {
  expect(openingsAfter({ sinceMs: 0, openings: before }, closedForMs, settings)).toBe(expected);
});
