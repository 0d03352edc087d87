import { expect, test } from 'vitest';
import { chosenIds, recordedIds, recordedTraceparent } from './span-ids.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const parent = `00-${TRACE}-00f067aa0ba902b7-01`;

test('equal keys under one trace are equal spans, and nothing else is', () => {
  const ids = [
    recordedTraceparent('a', parent),
    recordedTraceparent('b', parent),
    recordedTraceparent('a', parent.replace('4bf9', '5bf9')),
    recordedTraceparent('a'),
    recordedTraceparent('b'),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(recordedTraceparent('a', parent)).toBe(ids[0]);
  expect(recordedTraceparent('a')).toBe(ids[3]);
});

test.each([
  {
    name: 'goes on in the trace of its parent',
    parent,
    is: /^00-4bf92f3577b34da6a3ce929d0e0e4736-[0-9a-f]{16}-01$/,
  },
  { name: 'keeps the choice not to sample', parent: parent.replace(/01$/, '00'), is: /-00$/ },
  { name: 'is a sampled root without a parent', parent: undefined, is: /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/ },
  {
    name: 'is a sampled root below a malformed parent',
    parent: 'nonsense',
    is: /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/,
  },
])('$name', ({ parent: given, is }) => {
  expect(recordedTraceparent('key', given)).toMatch(is);
});

test('chosen ids hold for what is started inside, also when that throws, and are random again after', () => {
  const ids = chosenIds();
  const chosen = recordedIds('key', parent);
  expect(ids.using(chosen, () => [ids.generateTraceId(), ids.generateSpanId()])).toEqual([
    TRACE,
    chosen.spanId,
  ]);
  expect(() =>
    ids.using(chosen, () => {
      throw new Error('no span');
    }),
  ).toThrow('no span');
  const after = [ids.generateSpanId(), ids.generateSpanId(), chosen.spanId];
  expect(new Set(after).size).toBe(3);
  expect(ids.generateTraceId()).toMatch(/^(?!4bf92f3577b34da6)[0-9a-f]{32}$/);
});
