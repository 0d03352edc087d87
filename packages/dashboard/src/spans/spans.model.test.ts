import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aSpan } from '../../dev/examples.ts';
import { MAX_ROWS, waterfallOf } from './spans.model.ts';

const shape = (...spans: Parameters<typeof waterfallOf>): readonly string[] =>
  waterfallOf(...spans).rows.map(({ spanId, depth }) => `${depth}${spanId}`);

describe('the waterfall of spans', () => {
  test.each([
    ['nothing', [], []],
    [
      'children below their parent, by time',
      [
        aSpan('c', { parentSpanId: 'a', startMs: 5 }),
        aSpan('a'),
        aSpan('b', { parentSpanId: 'a', startMs: 2 }),
        aSpan('d', { parentSpanId: 'b', startMs: 3 }),
      ],
      ['0a', '1b', '2d', '1c'],
    ],
    [
      'a span whose parent was never stored stands at the root',
      [aSpan('a', { parentSpanId: 'gone' })],
      ['0a'],
    ],
    [
      'a ring of parents does not hang',
      [aSpan('a', { parentSpanId: 'b' }), aSpan('b', { parentSpanId: 'a', startMs: 1 })],
      ['0a', '1b'],
    ],
  ])('%s', (_why, spans, rows) => expect(shape(spans)).toEqual(rows));

  test('times become ratios of the whole', () => {
    const { totalMs, rows } = waterfallOf([
      aSpan('a', { startMs: 100, durationMs: 400 }),
      aSpan('b', { startMs: 200, durationMs: 100, error: 'HF_TIMEOUT' }),
    ]);
    expect(totalMs).toBe(400);
    expect(rows.map(({ start, width, error }) => ({ start, width, error }))).toEqual([
      { start: 0, width: 1, error: undefined },
      { start: 0.25, width: 0.25, error: 'HF_TIMEOUT' },
    ]);
  });

  test('whatever the spans are, each stands once, within the axis, and the rest is counted', () => {
    const span = fc.record({
      id: fc.integer({ min: 0, max: 60 }),
      parent: fc.option(fc.integer({ min: 0, max: 60 })),
      start: fc.nat(5_000),
      length: fc.nat(900),
    });
    let hidden = 0;
    fc.assert(
      fc.property(
        fc.uniqueArray(span, { selector: ({ id }) => id, maxLength: 60, size: 'max' }),
        (drafts) => {
          const waterfall = waterfallOf(
            drafts.map(({ id, parent, start, length }) =>
              aSpan(String(id), {
                startMs: start,
                durationMs: length,
                ...(parent === null ? {} : { parentSpanId: String(parent) }),
              }),
            ),
          );
          hidden = Math.max(hidden, waterfall.hidden);
          expect(waterfall.rows.length + waterfall.hidden).toBe(drafts.length);
          expect(waterfall.rows.length).toBeLessThanOrEqual(MAX_ROWS);
          expect(new Set(waterfall.rows.map(({ spanId }) => spanId)).size).toBe(waterfall.rows.length);
          for (const { start, width } of waterfall.rows) {
            expect(start).toBeGreaterThanOrEqual(0);
            expect(width).toBeGreaterThan(0);
            expect(start + width).toBeLessThanOrEqual(1 + 1e-9);
          }
        },
      ),
    );
    expect(hidden).toBeGreaterThan(0);
  });
});
