import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import type { VirtualRuntime } from '../ports/virtual-runtime.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import type { Source } from './options.ts';
import { scatterGatherSettings } from './options.ts';
import { scatterGather } from './policy.ts';

interface Product {
  readonly id: string;
  readonly relevance: number;
}

const product = (id: string, relevance = 0.5): Product => ({ id, relevance });
const options = {
  deadlineMs: 400,
  key: (item: Product) => item.id,
  score: (item: Product) => item.relevance,
};

/** What a source does, as steps: wait until a moment, then emit, answer, throw or hang. */
type Behaviour =
  | {
      readonly do: 'answer';
      readonly atMs: number;
      readonly items: readonly Product[];
      readonly early?: readonly Product[];
    }
  | { readonly do: 'fail'; readonly atMs: number; readonly early?: readonly Product[] }
  | { readonly do: 'hang'; readonly early?: readonly Product[] };

function source(
  runtime: VirtualRuntime,
  name: string,
  behaviour: Behaviour,
  substitute?: Source<Product>['fallback'],
  weight = 1,
): Source<Product> {
  return {
    name,
    weight,
    async fetch(_request, { emit }) {
      if (behaviour.early) emit(behaviour.early);
      if (behaviour.do === 'hang') return new Promise<never>(() => {});
      await runtime.sleep(behaviour.atMs); // deaf to its signal on purpose
      if (behaviour.do === 'fail') throw Object.assign(new Error(`${name} is down`), { code: 'E_DOWN' });
      return behaviour.items;
    },
    ...(substitute && { fallback: substitute }),
  };
}

function setup() {
  return virtualRuntime({ seed: 5, startMs: 0 });
}

describe('the answer', () => {
  test('comes as soon as all sources have answered, merged by relevance without duplicates', async () => {
    const runtime = setup();
    const search = scatterGather(
      [
        source(runtime, 'products', {
          do: 'answer',
          atMs: 200,
          items: [product('a', 0.4), product('b', 0.9)],
        }),
        source(
          runtime,
          'history',
          { do: 'answer', atMs: 150, items: [product('a', 0.3), product('c', 0.3)] },
          undefined,
          2,
        ),
      ],
      options,
      { runtime },
    );
    expect(await runtime.runUntil(search.gather('shoes'))).toEqual({
      complete: true,
      elapsedMs: 200,
      items: [
        { item: product('b', 0.9), sources: ['products'], score: 0.9 },
        { item: product('a', 0.3), sources: ['products', 'history'], score: 0.6 },
        { item: product('c', 0.3), sources: ['history'], score: 0.6 },
      ],
      sources: [
        { name: 'products', status: 'complete', itemCount: 2, dropped: 0, startedMs: 0, elapsedMs: 200 },
        { name: 'history', status: 'complete', itemCount: 2, dropped: 0, startedMs: 0, elapsedMs: 150 },
      ],
    });
    expect(runtime.pendingTimers).toBe(0);
  });

  const late = { code: 'HF_SOURCE_LATE', message: '"s" had not finished when the answer was due' };
  const down = { code: 'E_DOWN', message: 's is down' };
  const one = [product('x')];
  const substitute = (): Product[] => [product('substitute')];
  test.each<{
    name: string;
    behaviour: Behaviour;
    fallback?: Source<Product>['fallback'];
    status: string;
    ids: string[];
    elapsedMs: number;
    error?: { code: string; message: string };
  }>([
    {
      name: 'answers',
      behaviour: { do: 'answer', atMs: 10, items: one },
      status: 'complete',
      ids: ['x'],
      elapsedMs: 10,
    },
    {
      name: 'answers with nothing',
      behaviour: { do: 'answer', atMs: 10, items: [] },
      fallback: substitute,
      status: 'complete',
      ids: [],
      elapsedMs: 10,
    },
    {
      name: 'answers between cut and deadline',
      behaviour: { do: 'answer', atMs: 399, items: one },
      fallback: substitute,
      status: 'complete',
      ids: ['x'],
      elapsedMs: 399,
    },
    {
      name: 'sends some and hangs',
      behaviour: { do: 'hang', early: one },
      fallback: substitute,
      status: 'partial',
      ids: ['x'],
      elapsedMs: 400,
      error: late,
    },
    {
      name: 'sends some and fails',
      behaviour: { do: 'fail', atMs: 30, early: one },
      fallback: substitute,
      status: 'partial',
      ids: ['x'],
      elapsedMs: 30,
      error: down,
    },
    {
      name: 'hangs, without a fallback',
      behaviour: { do: 'hang' },
      status: 'missing',
      ids: [],
      elapsedMs: 400,
      error: late,
    },
    {
      name: 'hangs, with one',
      behaviour: { do: 'hang' },
      fallback: substitute,
      status: 'fallback',
      ids: ['substitute'],
      elapsedMs: 400,
      error: late,
    },
    {
      name: 'fails, without a fallback',
      behaviour: { do: 'fail', atMs: 30 },
      status: 'missing',
      ids: [],
      elapsedMs: 30,
      error: down,
    },
    {
      name: 'fails, with one',
      behaviour: { do: 'fail', atMs: 30 },
      fallback: substitute,
      status: 'fallback',
      ids: ['substitute'],
      elapsedMs: 30,
      error: down,
    },
    {
      name: 'fails, with an empty one',
      behaviour: { do: 'fail', atMs: 30 },
      fallback: () => [],
      status: 'missing',
      ids: [],
      elapsedMs: 30,
      error: down,
    },
    {
      name: 'fails, with one that fails',
      behaviour: { do: 'fail', atMs: 30 },
      fallback: () => Promise.reject(new Error('too')),
      status: 'missing',
      ids: [],
      elapsedMs: 30,
      error: down,
    },
    {
      name: 'fails, with one that hangs',
      behaviour: { do: 'fail', atMs: 30 },
      fallback: () => new Promise<never>(() => {}),
      status: 'missing',
      ids: [],
      elapsedMs: 400,
      error: down,
    },
  ])('of a source that $name', async ({ behaviour, fallback, status, ids, elapsedMs, error }) => {
    const runtime = setup();
    const search = scatterGather([source(runtime, 's', behaviour, fallback)], options, { runtime });
    const answer = await runtime.runUntil(search.gather('shoes'));
    expect(answer.items.map(({ item }) => item.id)).toEqual(ids);
    expect(answer.sources).toEqual([
      {
        name: 's',
        status,
        itemCount: ids.length,
        dropped: 0,
        startedMs: 0,
        elapsedMs: behaviour.do === 'fail' ? 30 : elapsedMs,
        ...(error && { error }),
      },
    ]);
    expect([answer.elapsedMs, answer.complete]).toEqual([elapsedMs, status === 'complete']);
    await runtime.advance(10_000); // whatever still comes is ignored, and no rejection surfaces
    expect(runtime.pendingTimers).toBe(0);
  });

  test('knows an item that was emitted and answered again', async () => {
    const runtime = setup();
    const sources = [
      source(runtime, 's', {
        do: 'answer',
        atMs: 5,
        early: [product('a')],
        items: [product('a'), product('b')],
      }),
    ];
    const answer = await runtime.runUntil(scatterGather(sources, options, { runtime }).gather('shoes'));
    expect(answer.items.map(({ item }) => item.id)).toEqual(['a', 'b']);
    expect(answer.sources[0]?.itemCount).toBe(2);
  });

  test('is bounded, and says what was dropped', async () => {
    const runtime = setup();
    const items = Array.from({ length: 20 }, (_, index) => product(`p${index}`, index));
    const sources = [source(runtime, 's', { do: 'answer', atMs: 5, items })];
    const search = scatterGather(sources, { ...options, maxItems: 3, maxItemsPerSource: 15 }, { runtime });
    const answer = await runtime.runUntil(search.gather('shoes'));
    expect(answer.items.map(({ item }) => item.id)).toEqual(['p14', 'p13', 'p12']);
    expect(answer.sources[0]).toMatchObject({ itemCount: 15, dropped: 5 });
  });

  test('a source whose items cannot be keyed has failed; a score that is no number counts as 0', async () => {
    const runtime = setup();
    const bad = {
      ...options,
      key: (item: Product) => {
        if (item.id === 'poison') throw new Error('no key');
        return item.id;
      },
    };
    const sources = [
      source(runtime, 'poisoned', { do: 'answer', atMs: 5, items: [product('poison')] }),
      source(runtime, 'odd', {
        do: 'answer',
        atMs: 5,
        items: [product('nan', Number.NaN), product('good', 0.1)],
      }),
    ];
    const answer = await runtime.runUntil(scatterGather(sources, bad, { runtime }).gather('shoes'));
    expect(answer.sources.map(({ status }) => status)).toEqual(['missing', 'complete']);
    expect(answer.items.map(({ item, score }) => [item.id, score])).toEqual([
      ['good', 0.1],
      ['nan', 0],
    ]);
  });
});

describe('the call', () => {
  test('tells sources when nobody waits any more, and gives them the deadline', async () => {
    const runtime = setup();
    let reason: unknown;
    let deadlineAtMs: number | undefined;
    const hanging: Source<Product> = {
      name: 's',
      fetch(_request, { call }) {
        deadlineAtMs = call.deadlineAtMs;
        return new Promise((_, reject) => {
          call.signal.addEventListener('abort', () => {
            reason = call.signal.reason;
            reject(call.signal.reason);
          });
        });
      },
    };
    await runtime.runUntil(scatterGather([hanging], options, { runtime }).gather('shoes'));
    expect(reason).toMatchObject({ code: 'HF_DEADLINE_EXCEEDED', budgetMs: 400 });
    expect(deadlineAtMs).toBe(400);
  });

  test('keeps to a sooner deadline of its own', async () => {
    const runtime = setup();
    const search = scatterGather(
      [source(runtime, 's', { do: 'hang' }, () => [product('substitute')])],
      options,
      { runtime },
    );
    const answer = await runtime.runUntil(search.gather('shoes', { deadlineAtMs: 120 }));
    expect([answer.elapsedMs, answer.sources[0]?.status]).toEqual([120, 'fallback']);
    await expect(search.gather('shoes', { deadlineAtMs: 120 })).rejects.toMatchObject({
      code: 'HF_DEADLINE_EXCEEDED',
    });
  });

  test('an abort ends it at once', async () => {
    const runtime = setup();
    const controller = new AbortController();
    const search = scatterGather([source(runtime, 's', { do: 'hang' })], options, { runtime });
    const answer = search.gather('shoes', { signal: controller.signal });
    controller.abort('client left');
    await expect(answer).rejects.toBe('client left');
    await expect(search.gather('shoes', { signal: controller.signal })).rejects.toBe('client left');
    expect(runtime.pendingTimers).toBe(0);
  });
});

test('whatever the sources do: in time, no duplicates, ordered, every source accounted for', async () => {
  const items = fc.array(
    fc.record({ id: fc.constantFrom(...'abcdefgh'), relevance: fc.double({ min: 0, max: 1, noNaN: true }) }),
    { maxLength: 6 },
  );
  const early = fc.option(items, { nil: [] });
  const atMs = fc.integer({ min: 0, max: 800 });
  const behaviour: fc.Arbitrary<Behaviour> = fc.oneof(
    fc.record({ do: fc.constant('answer' as const), atMs, items, early }),
    fc.record({ do: fc.constant('fail' as const), atMs, early }),
    fc.record({ do: fc.constant('hang' as const), early }),
  );
  const reached = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.record({ behaviour, substitute: fc.boolean() }), { minLength: 1, maxLength: 5 }),
      async (plans) => {
        const runtime = setup();
        const sources = plans.map(({ behaviour: plan, substitute }, index) =>
          source(runtime, `s${index}`, plan, substitute ? () => [product(`substitute-${index}`)] : undefined),
        );
        const answer = await runtime.runUntil(scatterGather(sources, options, { runtime }).gather('shoes'));
        const ids = answer.items.map(({ item }) => item.id);
        expect(answer.elapsedMs).toBeLessThanOrEqual(400);
        expect(new Set(ids).size).toBe(ids.length);
        const scores = answer.items.map(({ score }) => score);
        expect(scores).toEqual([...scores].sort((a, b) => b - a));
        expect(answer.sources.map(({ name }) => name)).toEqual(plans.map((_, index) => `s${index}`));
        for (const { status, itemCount, error } of answer.sources) {
          reached.add(status);
          expect(error === undefined).toBe(status === 'complete');
          if (status === 'partial' || status === 'fallback') expect(itemCount).toBeGreaterThan(0);
          if (status === 'missing') expect(itemCount).toBe(0);
        }
        await runtime.advance(1_000);
        expect(runtime.pendingTimers).toBe(0);
      },
    ),
    { numRuns: 150 },
  );
  expect([...reached].sort()).toEqual(['complete', 'fallback', 'missing', 'partial']);
});

test('defaults are as documented', () => {
  const { key: _key, score, ...rest } = scatterGatherSettings({ key: String });
  expect(rest).toEqual({ deadlineMs: 400, fallbackBudgetMs: 50, maxItems: 50, maxItemsPerSource: 1_000 });
  expect(score({}, 's')).toBe(0);
});

test.each([
  { field: 'deadlineMs', sources: [{ name: 's' }], more: { deadlineMs: 0 } },
  { field: 'fallbackBudgetMs', sources: [{ name: 's' }], more: { deadlineMs: 100, fallbackBudgetMs: 101 } },
  { field: 'maxItems', sources: [{ name: 's' }], more: { maxItems: 0 } },
  { field: 'sources', sources: [], more: {} },
  { field: 'sources', sources: [{ name: 's' }, { name: 's' }], more: {} },
  { field: 'weight', sources: [{ name: 's', weight: 0 }], more: {} },
])('refuses a wrong $field', ({ field, sources, more }) => {
  const make = (): unknown =>
    scatterGather(
      sources.map((each) => ({ ...each, fetch: async () => [] })),
      { ...options, ...more },
    );
  expect(make).toThrow(InvalidOptionsError);
  expect(make).toThrow(`${field} must be`);
});
