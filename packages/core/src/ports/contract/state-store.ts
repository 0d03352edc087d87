/** What every state store must do, whatever stands behind it. Adapters run it against their real backend. */
import { isHoldfastError } from '../../errors.ts';
import type { JsonValue } from '../../json.ts';
import type { StateStore } from '../state-store.ts';
import type { ContractHarness } from './harness.ts';

/** A backend that is empty, or whose keys were never used before. */
export interface StateStoreUnderTest extends AsyncDisposable {
  readonly store: StateStore;
  /** One more connection to the same data; `store` itself where the backend has no connections. */
  connect(): Promise<StateStore>;
  /** Lets `ms` pass for keys' time to live: virtual time where the adapter takes a runtime, real time otherwise. */
  advance(ms: number): Promise<void>;
}

/**
 * Defines the contract's tests. `open` is called once for each of them.
 *
 * @example stateStoreContract('sqlite', openSqlite, { describe, test, expect });
 */
export function stateStoreContract(
  name: string,
  open: () => Promise<StateStoreUnderTest>,
  harness: ContractHarness,
): void {
  const { describe, test, expect } = harness;

  function it(title: string, run: (under: StateStoreUnderTest) => Promise<void>): void {
    test(title, async () => {
      await using under = await open();
      await run(under);
    });
  }

  async function written(
    store: StateStore,
    key: string,
    expected: number | 'absent',
    value: JsonValue,
    ttlMs?: number,
  ): Promise<number> {
    const result = await store.compareAndSet(key, expected, value, ttlMs === undefined ? {} : { ttlMs });
    expect(result.ok).toBe(true);
    return result.ok ? result.version : 0;
  }

  describe(`state store contract: ${name}`, () => {
    describe('values', () => {
      it('an absent key reads as undefined', async ({ store }) => {
        expect(await store.get('nobody')).toBe(undefined);
      });

      it('keeps every kind of JSON value as it was', async ({ store }) => {
        const values: JsonValue[] = [
          null,
          true,
          0,
          -1.5,
          '',
          'naïve 🦆 "quoted" \u0000 line\nbreak',
          [],
          [1, [2, null]],
          {},
          { 'a b': { c: [false] }, é: 1 },
        ];
        for (const [index, value] of values.entries()) {
          const version = await written(store, `value-${index}`, 'absent', value);
          expect(await store.get(`value-${index}`)).toEqual({ value, version });
        }
      });

      it('keys are told apart exactly', async ({ store }) => {
        const keys = ['a', 'A', 'a ', 'á', 'a/b', 'a%2Fb', 'k'.repeat(512)];
        for (const key of keys) await written(store, key, 'absent', key);
        for (const key of keys) expect((await store.get(key))?.value).toBe(key);
      });

      it('versions grow with every write', async ({ store }) => {
        let version = await written(store, 'k', 'absent', 0);
        for (let round = 1; round <= 5; round += 1) {
          const next = await written(store, 'k', version, round);
          expect(next).toBeGreaterThan(version);
          version = next;
        }
        expect(await store.get('k')).toEqual({ value: 5, version });
      });

      it('a stale, an invented and an absent expectation lose, and see what is there', async ({ store }) => {
        const first = await written(store, 'k', 'absent', 'one');
        const second = await written(store, 'k', first, 'two');
        const current = { value: 'two', version: second };
        for (const expected of [first, second + 1_000, 'absent'] as const) {
          expect(await store.compareAndSet('k', expected, 'lost')).toEqual({ ok: false, current });
        }
        expect(await store.get('k')).toEqual(current);
        expect(await store.compareAndSet('nobody', 7, 'lost')).toEqual({ ok: false, current: undefined });
      });

      it('of 20 writers on as many connections one wins, and the others see its value', async ({
        connect,
      }) => {
        const stores = await Promise.all(Array.from({ length: 20 }, connect));
        const results = await Promise.all(
          stores.map((store, index) => store.compareAndSet('k', 'absent', index)),
        );
        const winners = results.flatMap((result, index) => (result.ok ? [index] : []));
        expect(winners.length).toBe(1);
        for (const result of results) {
          if (!result.ok) expect(result.current?.value).toBe(winners[0]);
        }
      });

      it('20 writers that read and retry lose no increment', async ({ store, connect }) => {
        await written(store, 'k', 'absent', 0);
        const stores = await Promise.all(Array.from({ length: 20 }, connect));
        await Promise.all(stores.map((each) => increment(each, 'k')));
        expect((await store.get('k'))?.value).toBe(20);
      });
    });

    describe('counters', () => {
      it('begin at 0, take fractions and negative numbers, and answer all fields', async ({ store }) => {
        expect(await store.add('c', { calls: 2, failures: 1 })).toEqual({ calls: 2, failures: 1 });
        expect(await store.add('c', { failures: -1, slow: 0.5 })).toEqual({
          calls: 2,
          failures: 0,
          slow: 0.5,
        });
      });

      it('without deltas only read, and make no key', async ({ store }) => {
        expect(await store.add('c', {})).toEqual({});
        expect(await store.get('c')).toBe(undefined);
        await store.add('c', { calls: 1 });
        const before = await store.get('c');
        expect(await store.add('c', {})).toEqual({ calls: 1 });
        expect(await store.get('c')).toEqual(before);
      });

      it('read as a value whose version grows', async ({ store }) => {
        await store.add('c', { calls: 1 });
        const first = await store.get('c');
        await store.add('c', { calls: 1 });
        const second = await store.get('c');
        expect([first?.value, second?.value]).toEqual([{ calls: 1 }, { calls: 2 }]);
        expect(second?.version ?? 0).toBeGreaterThan(first?.version ?? 0);
      });

      it('may have any field name', async ({ store }) => {
        const fields = { 'a.b': 1, 'a b': 2, '#n': 3, ':v': 4, constructor: 5, é: 6, '0': 7 };
        expect(await store.add('c', fields)).toEqual(fields);
      });

      it('lose nothing when 20 connections add at once', async ({ store, connect }) => {
        const stores = await Promise.all(Array.from({ length: 20 }, connect));
        await Promise.all(
          stores.flatMap((each, index) =>
            Array.from({ length: 10 }, () => each.add('c', { calls: 1, [`by-${index % 4}`]: 2 })),
          ),
        );
        expect(await store.add('c', {})).toEqual({
          calls: 200,
          'by-0': 100,
          'by-1': 100,
          'by-2': 100,
          'by-3': 100,
        });
      });

      it('leave a key alone that holds something else', async ({ store }) => {
        for (const [index, value] of [['one'], 'two', { calls: 'three' }].entries()) {
          await written(store, `v${index}`, 'absent', value);
          expect(await codeOf(store.add(`v${index}`, { calls: 1 }))).toBe('HF_STATE_NOT_COUNTERS');
          expect((await store.get(`v${index}`))?.value).toEqual(value);
        }
      });
    });

    describe('time to live', () => {
      it('a key is there before and absent after', async ({ store, advance }) => {
        await written(store, 'k', 'absent', 'here', 2_000);
        await store.add('c', { calls: 1 }, { ttlMs: 2_000 });
        await advance(1_000);
        expect((await store.get('k'))?.value).toBe('here');
        await advance(1_500);
        expect(await store.get('k')).toBe(undefined);
        expect(await store.add('c', { calls: 5 })).toEqual({ calls: 5 });
      });

      it('begins anew with each write that names one; compareAndSet without one ends it', async ({
        store,
        advance,
      }) => {
        const first = await written(store, 'k', 'absent', 1, 2_000);
        const second = await written(store, 'forever', 'absent', 1, 2_000);
        await store.add('c', { calls: 1 }, { ttlMs: 2_000 });
        await advance(1_000);
        await written(store, 'k', first, 2, 2_000);
        await written(store, 'forever', second, 2);
        await store.add('c', { calls: 1 }, { ttlMs: 2_000 });
        await advance(1_500);
        expect((await store.get('k'))?.value).toBe(2);
        expect(await store.add('c', {})).toEqual({ calls: 2 });
        await advance(1_500);
        expect(await store.get('k')).toBe(undefined);
        expect((await store.get('forever'))?.value).toBe(2);
      });

      it('a key made again after it expired has a version that no earlier one equals', async ({
        store,
        advance,
      }) => {
        const stale = await written(store, 'k', 'absent', 'old', 1_000);
        await advance(1_500);
        expect(await store.compareAndSet('k', stale, 'lost')).toEqual({ ok: false, current: undefined });
        const fresh = await written(store, 'k', 'absent', 'new');
        expect(fresh).toBeGreaterThan(stale);
        expect((await store.compareAndSet('k', stale, 'lost')).ok).toBe(false);
      });
    });

    describe('arguments out of bounds', () => {
      const wrong: [string, (store: StateStore) => Promise<unknown>][] = [
        ['an empty key', (store) => store.get('')],
        ['a key of 513 characters', (store) => store.get('k'.repeat(513))],
        ['a value over 64 KiB', (store) => store.compareAndSet('k', 'absent', 'é'.repeat(40_000))],
        ['a version of 0', (store) => store.compareAndSet('k', 0, 1)],
        ['a time to live of 0', (store) => store.compareAndSet('k', 'absent', 1, { ttlMs: 0 })],
        ['a delta that is no number', (store) => store.add('k', { calls: Number.NaN })],
        ['a field of 129 characters', (store) => store.add('k', { ['f'.repeat(129)]: 1 })],
        [
          'an endless time to live',
          (store) => store.add('k', { calls: 1 }, { ttlMs: Number.POSITIVE_INFINITY }),
        ],
      ];
      for (const [what, run] of wrong) {
        it(`rejects ${what} and writes nothing`, async ({ store }) => {
          expect(await codeOf(run(store))).toBe('HF_INVALID_OPTIONS');
          expect(await store.get('k')).toBe(undefined);
        });
      }
    });
  });
}

/** Reads, adds one and writes until it wins; 20 contenders need at most 20 rounds each, the rest is slack. */
async function increment(store: StateStore, key: string): Promise<void> {
  for (let round = 0; round < 200; round += 1) {
    const read = await store.get(key);
    if (read === undefined || typeof read.value !== 'number') throw new Error(`key "${key}" lost its number`);
    if ((await store.compareAndSet(key, read.version, read.value + 1)).ok) return;
  }
  throw new Error(`key "${key}" could not be incremented in 200 rounds`);
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'resolved';
  } catch (error) {
    return isHoldfastError(error) ? error.code : String(error);
  }
}
