import { expect, test } from 'vitest';
import { z } from 'zod';
import { chaosSettingsSchema, NO_CHAOS } from './chaos.ts';
import { linesField, orderEventSchema, sameLines, searchQuerySchema, summedLines } from './fields.ts';
import { type FieldError, ProblemError } from './problems.ts';
import { parsed } from './validation.ts';

function errorsOf(schema: z.ZodType, value: unknown, at?: string): readonly FieldError[] {
  try {
    parsed(schema, value, at);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemError) || error.refusal.code !== 'invalid-request') throw error;
    return error.refusal.errors ?? [];
  }
}

const order = z.strictObject({ lines: linesField });
const line = (quantity: unknown, productId: unknown = 'p-00001'): object => ({
  lines: [{ productId, quantity }],
});

test.each<[why: string, value: unknown, pointer: string, detail: string]>([
  ['zero', line(0), '/lines/0/quantity', 'must be at least 1, but is 0'],
  ['negative', line(-3), '/lines/0/quantity', 'must be at least 1, but is -3'],
  ['fractional', line(1.5), '/lines/0/quantity', 'must be a whole number, but is 1.5'],
  ['too many', line(101), '/lines/0/quantity', 'must be at most 100, but is 101'],
  ['text', line('1'), '/lines/0/quantity', 'must be of type number, but is "1"'],
  ['missing', { lines: [{ productId: 'p' }] }, '/lines/0/quantity', 'is missing'],
  ['null', line(null), '/lines/0/quantity', 'must be of type number, but is null'],
  [
    'an id with a space',
    line(1, 'p 1'),
    '/lines/0/productId',
    'must match /^[A-Za-z0-9._-]{1,64}$/, but is "p 1"',
  ],
  ['no lines', { lines: [] }, '/lines', 'must be at least 1 entries long, but is 0 long'],
  [
    '51 lines',
    { lines: Array.from({ length: 51 }, () => ({ productId: 'p', quantity: 1 })) },
    '/lines',
    'must be at most 50 entries long, but is 51 long',
  ],
  ['unknown field', { ...line(1), 'a/b': 1 }, '/a~1b', 'is not a known field'],
  ['an array for an object', [], '', 'must be of type object, but is 0 long'],
])('%s is refused, naming field, bound and value', (_why, value, pointer, detail) => {
  expect(errorsOf(order, value)).toEqual([{ pointer, detail }]);
});

test('every field at fault is named, in the words for a person the first', () => {
  const bad = { lines: [{ productId: '', quantity: 0 }], more: 1 };
  expect(errorsOf(order, bad).map(({ pointer }) => pointer)).toEqual([
    '/lines/0/productId',
    '/lines/0/quantity',
    '/more',
  ]);
  expect(() => parsed(order, bad)).toThrow(
    /^\/lines\/0\/productId must match .* but is "" \(and 2 more\); nothing was changed$/,
  );
});

test('a long value is cut in the message', () => {
  const [error] = errorsOf(order, line(1, 'x'.repeat(5_000)));
  expect(error?.detail.length).toBeLessThan(160);
  expect(error?.detail).toContain('(5002 characters)');
});

test.each<[why: string, query: object, errors: readonly FieldError[]]>([
  ['defaults', { q: 'lamp' }, []],
  [
    'empty words',
    { q: '  ' },
    [{ pointer: '/query/q', detail: 'must be at least 1 characters long, but is ""' }],
  ],
  ['no words', {}, [{ pointer: '/query/q', detail: 'is missing' }]],
  ['limit 0', { q: 'a', limit: '0' }, [{ pointer: '/query/limit', detail: 'must be at least 1, but is 0' }]],
  [
    'limit 51',
    { q: 'a', limit: '51' },
    [{ pointer: '/query/limit', detail: 'must be at most 50, but is 51' }],
  ],
  ['unknown', { q: 'a', sort: 'price' }, [{ pointer: '/query/sort', detail: 'is not a known field' }]],
])('a search query: %s', (_why, query, errors) => {
  expect(errorsOf(searchQuerySchema, query, '/query')).toEqual(errors);
});

test.each<[settings: object, pointers: string[]]>([
  [NO_CHAOS, []],
  [{ errorRatio: 1, declineRatio: 1, lostAnswerRatio: 1, extraLatencyMs: 10_000, hang: true }, []],
  [{ ...NO_CHAOS, errorRatio: 1.01 }, ['/errorRatio']],
  [{ ...NO_CHAOS, declineRatio: -0.01 }, ['/declineRatio']],
  [{ ...NO_CHAOS, extraLatencyMs: 10_001 }, ['/extraLatencyMs']],
  [{ ...NO_CHAOS, hang: 'yes' }, ['/hang']],
  [{ errorRatio: 0 }, ['/declineRatio', '/lostAnswerRatio', '/extraLatencyMs', '/hang']],
])('chaos settings %o', (settings, pointers) => {
  expect(errorsOf(chaosSettingsSchema, settings).map(({ pointer }) => pointer)).toEqual(pointers);
});

test('an event id may not hold a space', () => {
  const event = {
    eventId: 'a b',
    type: 'order-confirmed',
    order: { orderId: 'o', customerId: 'c', totalCents: 1, ...line(1) },
  };
  expect(errorsOf(orderEventSchema, event).map(({ pointer }) => pointer)).toEqual(['/eventId']);
  expect(errorsOf(orderEventSchema, { ...event, eventId: 'a:b' })).toEqual([]);
});

test('lines of one product are summed, and the same goods are the same in any order', () => {
  const [a, b] = [
    { productId: 'a', quantity: 2 },
    { productId: 'b', quantity: 1 },
  ];
  expect(summedLines([a, b, a])).toEqual([{ productId: 'a', quantity: 4 }, b]);
  expect(sameLines([a, b], [b, a])).toBe(true);
  for (const other of [[a], [a, a], [a, { ...b, quantity: 2 }], [a, b, { productId: 'c', quantity: 1 }]]) {
    expect(sameLines([a, b], other)).toBe(false);
  }
});
