import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Wish } from './fleet-plan.ts';
import { plan } from './fleet-plan.ts';
import type { FleetPermit, FleetState } from './fleet-state.ts';
import {
  FleetStateUnreadableError,
  fleetStateToJson,
  readFleetState,
  unwrittenFleet,
} from './fleet-state.ts';

const none: Wish = {
  instanceId: 'me',
  session: 'my-session',
  atMs: 99,
  halfOpenProbes: 2,
  epoch: 4,
  released: new Set(),
  reports: [],
  open: undefined,
  nextOpening: { openings: 2, openForMs: 800 },
  due: false,
  recoveredAlone: false,
  wantedPermits: [],
  probesAlone: false,
  leaseMs: 400,
  renewed: new Set(),
  yields: false,
};

const held = (id: string, by = 'other'): FleetPermit => ({ id, by, leaseMs: 400, beat: 0 });
const taken = (id: string): FleetPermit => held(id, 'my-session');
const fleet = (kind: FleetState['kind'], more: Partial<FleetState> = {}): FleetState => ({
  ...unwrittenFleet,
  kind,
  epoch: 4,
  ...more,
});
const mine = { by: 'me', atMs: 99, wanted: false };
const reported = (permitId: string, ok: boolean, epoch = 4) => ({ permitId, epoch, ok });

test.each<{ name: string; from: FleetState; wish: Partial<Wish>; to: Partial<FleetState> | 'same' }>([
  { name: 'nothing to say', from: fleet('half-open', { permits: [held('p')] }), wish: {}, to: 'same' },
  {
    name: 'closed opens',
    from: fleet('closed'),
    wish: { open: { reason: 'why' } },
    to: { kind: 'open', epoch: 5, openings: 2, openForMs: 800, reason: 'why', ...mine },
  },
  { name: 'open does not open again', from: fleet('open'), wish: { open: { reason: 'why' } }, to: 'same' },
  {
    name: 'an epoch exceeds the one that its maker lives in',
    from: fleet('closed', { epoch: 1 }),
    wish: { open: { reason: 'why' } },
    to: { kind: 'open', epoch: 5, openings: 2, openForMs: 800, reason: 'why', ...mine },
  },
  {
    name: 'open turns half-open when due, and the permit is taken in the same write',
    from: fleet('open', { successes: 9 }),
    wish: { due: true, wantedPermits: ['a'] },
    to: { kind: 'half-open', epoch: 5, successes: 0, permits: [taken('a')], reason: 'open-elapsed', ...mine },
  },
  {
    name: 'what is due in an older epoch is not due',
    from: fleet('open', { epoch: 5 }),
    wish: { due: true, wantedPermits: ['a'] },
    to: 'same',
  },
  {
    name: 'closed has no permits for the fleet',
    from: fleet('closed'),
    wish: { wantedPermits: ['a'] },
    to: 'same',
  },
  {
    name: 'but for an instance that is open by itself',
    from: fleet('closed'),
    wish: { wantedPermits: ['a'], probesAlone: true },
    to: { permits: [taken('a')] },
  },
  {
    name: 'takes no more than are free',
    from: fleet('half-open', { permits: [held('p')] }),
    wish: { wantedPermits: ['a', 'b'] },
    to: { permits: [held('p'), taken('a')] },
  },
  {
    name: 'counts the permits of every phase',
    from: fleet('open', { permits: [held('p'), held('q')] }),
    wish: { due: true, wantedPermits: ['a'] },
    to: {
      kind: 'half-open',
      epoch: 5,
      permits: [held('p'), held('q')],
      reason: 'open-elapsed',
      ...mine,
      wanted: true,
    },
  },
  {
    name: 'says that it waits when none is free',
    from: fleet('half-open', { permits: [held('p'), held('q')] }),
    wish: { wantedPermits: ['a'] },
    to: { wanted: true },
  },
  {
    name: 'says it once',
    from: fleet('half-open', { permits: [held('p'), held('q')], wanted: true }),
    wish: { wantedPermits: ['a'] },
    to: 'same',
  },
  {
    name: 'yields',
    from: fleet('half-open', { permits: [held('p'), taken('q')], wanted: true }),
    wish: { released: new Set(['q']), yields: true },
    to: { permits: [held('p')], wanted: false },
  },
  {
    name: 'gives back and takes in one write',
    from: fleet('half-open', { permits: [held('p'), held('lapsed')] }),
    wish: { released: new Set(['lapsed']), wantedPermits: ['a'] },
    to: { permits: [held('p'), taken('a')] },
  },
  {
    name: 'renews',
    from: fleet('half-open', { permits: [held('p'), taken('q')] }),
    wish: { renewed: new Set(['q']) },
    to: { permits: [held('p'), { ...taken('q'), beat: 1 }] },
  },
  {
    name: 'a success counts, and its place is free',
    from: fleet('half-open', { permits: [taken('p')] }),
    wish: { reports: [reported('p', true)] },
    to: { permits: [], successes: 1 },
  },
  {
    name: 'a success whose place is gone does not count',
    from: fleet('half-open', { permits: [held('q')] }),
    wish: { reports: [reported('p', true)] },
    to: 'same',
  },
  {
    name: 'a success of an older epoch only frees its place',
    from: fleet('half-open', { permits: [taken('p')] }),
    wish: { reports: [reported('p', true, 2)] },
    to: { permits: [] },
  },
  {
    name: 'a success that comes when it is open again only frees its place',
    from: fleet('open', { permits: [taken('p')] }),
    wish: { reports: [reported('p', true)] },
    to: { permits: [] },
  },
  {
    name: 'enough successes close it',
    from: fleet('half-open', { permits: [taken('p')], successes: 1 }),
    wish: { reports: [reported('p', true)] },
    to: { kind: 'closed', epoch: 5, permits: [], successes: 0, reason: 'probes-succeeded', ...mine },
  },
  {
    name: 'a failure opens it, whatever succeeded',
    from: fleet('half-open', { permits: [taken('p'), taken('q')], successes: 1 }),
    wish: { reports: [reported('p', true), reported('q', false)] },
    to: {
      kind: 'open',
      epoch: 5,
      permits: [],
      successes: 2,
      openings: 2,
      openForMs: 800,
      reason: 'probe-failed',
      ...mine,
    },
  },
  {
    name: 'a failure of an older epoch opens nothing',
    from: fleet('half-open', { permits: [taken('p')] }),
    wish: { reports: [reported('p', false, 2)] },
    to: { permits: [] },
  },
  {
    name: 'one that recovered alone closes the open fleet',
    from: fleet('open'),
    wish: { recoveredAlone: true },
    to: { kind: 'closed', epoch: 5, reason: 'rejoined', ...mine },
  },
  {
    name: 'and the half-open one',
    from: fleet('half-open'),
    wish: { recoveredAlone: true },
    to: { kind: 'closed', epoch: 5, reason: 'rejoined', ...mine },
  },
  {
    name: 'but not one of a newer epoch',
    from: fleet('open', { epoch: 5 }),
    wish: { recoveredAlone: true },
    to: 'same',
  },
])('$name', ({ from, wish, to }) => {
  const next = plan(from, { ...none, ...wish });
  if (to === 'same') expect(next).toBe(from);
  else expect(next).toEqual({ ...from, ...to });
});

test('laws of a plan: epochs, the bound on permits, and that a repeated write changes nothing more', () => {
  const ids = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 5 });
  const kind = fc.constantFrom<FleetState['kind']>('closed', 'open', 'half-open');
  const state: fc.Arbitrary<FleetState> = fc
    .record({
      kind,
      epoch: fc.integer({ min: 3, max: 5 }),
      successes: fc.nat(1),
      permits: ids,
      wanted: fc.boolean(),
    })
    .map(({ permits, ...rest }) => ({
      ...unwrittenFleet,
      ...rest,
      permits: permits.slice(0, 2).map((id) => held(id)),
    }));
  const wishes: fc.Arbitrary<Wish> = fc
    .record({
      released: ids,
      reports: fc.uniqueArray(
        fc.record({
          permitId: fc.constantFrom('a', 'b', 'c'),
          epoch: fc.integer({ min: 3, max: 5 }),
          ok: fc.boolean(),
        }),
        { maxLength: 3, selector: (report) => report.permitId },
      ),
      open: fc.option(fc.constant({ reason: 'why' }), { nil: undefined }),
      due: fc.boolean(),
      recoveredAlone: fc.boolean(),
      wantedPermits: fc.constantFrom([], ['x'], ['x', 'y', 'z']),
      probesAlone: fc.boolean(),
      yields: fc.boolean(),
    })
    .map((wish) => ({ ...none, ...wish, released: new Set(wish.released) }));
  const reached = new Set<string>();
  fc.assert(
    fc.property(state, wishes, (from, wish) => {
      const next = plan(from, wish);
      reached.add(next === from ? 'same' : `${from.kind} > ${next.kind}`);
      if (next.kind === from.kind) expect(next.epoch).toBe(from.epoch);
      else expect(next.epoch).toBeGreaterThan(Math.max(from.epoch, wish.epoch));
      expect(next.permits.length).toBeLessThanOrEqual(wish.halfOpenProbes);
      expect(readFleetState('k', fleetStateToJson(next))).toEqual(next);
      const again = plan(next, wish);
      if (next.kind !== from.kind || from.kind !== 'closed') expect(again.successes).toBe(next.successes);
      expect(again.permits.filter(({ by }) => by === 'my-session').length).toBeLessThanOrEqual(
        wish.wantedPermits.length,
      );
    }),
    { numRuns: 2_000 },
  );
  for (const must of [
    'same',
    'closed > open',
    'open > half-open',
    'open > closed',
    'half-open > open',
    'half-open > closed',
    'half-open > half-open',
  ]) {
    expect(reached).toContain(must);
  }
});

test.each([
  { what: 'nothing', value: null },
  { what: 'a list', value: [] },
  { what: 'an unknown kind', value: { ...fleetish(), kind: 'ajar' } },
  { what: 'a negative epoch', value: { ...fleetish(), epoch: -1 } },
  { what: 'a permit without an id', value: { ...fleetish(), permits: [{ by: 'x', leaseMs: 1, beat: 0 }] } },
])('refuses $what in the store, and names the key', ({ value }) => {
  expect(() => readFleetState('breaker/payment/state', value)).toThrow(FleetStateUnreadableError);
  expect(() => readFleetState('breaker/payment/state', value)).toThrow('breaker/payment/state');
});

function fleetish() {
  return {
    kind: 'closed',
    epoch: 1,
    openings: 0,
    openForMs: 0,
    successes: 0,
    permits: [],
    wanted: false,
    by: '',
    reason: '',
    atMs: 0,
  };
}
