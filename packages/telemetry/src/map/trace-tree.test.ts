import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type TreeItem, traceTree } from './trace-tree.ts';

/** `"b<a@5"` is a span b below a that started at 5. */
function span(text: string): TreeItem {
  const [, spanId = '', parentSpanId, start = '0'] = /^(\w+)(?:<(\w+))?(?:@(\d+))?$/.exec(text) ?? [];
  return { spanId, ...(parentSpanId === undefined ? {} : { parentSpanId }), startMs: Number(start) };
}

test.each([
  { name: 'nothing', spans: '', walk: '' },
  { name: 'children follow their parent by start', spans: 'c<a@3 b<a@2 a@1', walk: 'a0 b1 c1' },
  { name: 'depth before breadth', spans: 'a@1 b<a@2 c<a@4 d<b@5', walk: 'a0 b1 d2 c1' },
  { name: 'equal starts are ordered by id', spans: 'r@0 z<r@1 y<r@1', walk: 'r0 y1 z1' },
  { name: 'a missing parent makes a root', spans: 'b<gone@2 a@1 c<b@3', walk: 'a0 b0 c1' },
  { name: 'a child may start before its parent', spans: 'b<a@1 a@5', walk: 'a0 b1' },
  { name: 'a cycle is entered at its earliest span', spans: 'a<b@2 b<c@1 c<a@3 r@9', walk: 'r0 b0 a1 c2' },
  { name: 'its own parent', spans: 'a<a@1 b<a@2', walk: 'a0 b1' },
])('$name', ({ spans, walk }) => {
  const items = spans.split(' ').filter(Boolean).map(span);
  expect(
    traceTree(items)
      .map(({ spanId, depth }) => `${spanId}${depth}`)
      .join(' '),
  ).toBe(walk);
});

test('a chain of 5_000 does not exhaust the stack', () => {
  const chain = Array.from({ length: 5_000 }, (_, index) =>
    span(index === 0 ? 's0' : `s${index}<s${index - 1}@${index}`),
  );
  expect(traceTree(chain).at(-1)).toMatchObject({ spanId: 's4999', depth: 4_999 });
});

test('laws: each span once, below its parent where there is one, whatever the parents are', () => {
  const reached = { cycle: false, deep: false };
  const parents = fc.array(fc.option(fc.nat({ max: 14 })), { maxLength: 12, size: 'max' });
  fc.assert(
    fc.property(parents, fc.func(fc.nat({ max: 9 })), (above, startOf) => {
      const items: TreeItem[] = above.map((parent, index) => ({
        spanId: `s${index}`,
        ...(parent === null ? {} : { parentSpanId: `s${parent}` }),
        startMs: startOf(index),
      }));
      const walked = traceTree(items);
      expect(walked.map(({ spanId }) => spanId).sort()).toEqual(items.map(({ spanId }) => spanId).sort());
      for (const [index, item] of walked.entries()) {
        if (item.depth === 0) {
          const known = items.some(({ spanId }) => spanId === item.parentSpanId);
          reached.cycle ||= known;
          continue;
        }
        reached.deep ||= item.depth > 2;
        const parent = walked.slice(0, index).findLast(({ depth }) => depth === item.depth - 1);
        expect(parent?.spanId).toBe(item.parentSpanId);
      }
    }),
  );
  expect(reached).toEqual({ cycle: true, deep: true });
});
