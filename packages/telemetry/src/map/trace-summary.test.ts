import { expect, test } from 'vitest';
import { type SummaryItem, traceSummary } from './trace-summary.ts';

const item = (spanId: string, changes: Partial<SummaryItem> = {}): SummaryItem => ({
  traceId: 't',
  spanId,
  service: 'shop',
  name: spanId,
  startMs: 100,
  durationMs: 10,
  failed: false,
  ...changes,
});

test('no spans, no summary', () => {
  expect(traceSummary([])).toBeUndefined();
});

test.each<{ name: string; spans: SummaryItem[]; expected: object }>([
  {
    name: 'one span is its own summary',
    spans: [item('a', { correlationId: 'c' })],
    expected: {
      traceId: 't',
      correlationId: 'c',
      name: 'a',
      service: 'shop',
      startMs: 100,
      durationMs: 10,
      spanCount: 1,
      errorCount: 0,
      services: ['shop'],
    },
  },
  {
    name: 'the root names it even when a child started earlier; the duration spans all, also what outlives the root',
    spans: [
      item('child', { parentSpanId: 'root', startMs: 95, durationMs: 5, service: 'payment', failed: true }),
      item('root', { startMs: 100 }),
      item('late', { parentSpanId: 'root', startMs: 105, durationMs: 40, service: 'history' }),
    ],
    expected: {
      traceId: 't',
      name: 'root',
      service: 'shop',
      startMs: 95,
      durationMs: 50,
      spanCount: 3,
      errorCount: 1,
      services: ['history', 'payment', 'shop'],
    },
  },
  {
    name: 'with the caller outside, the earliest span without a stored parent is the root',
    spans: [item('b', { parentSpanId: 'outside', startMs: 120 }), item('a', { parentSpanId: 'outside' })],
    expected: {
      traceId: 't',
      name: 'a',
      service: 'shop',
      startMs: 100,
      durationMs: 30,
      spanCount: 2,
      errorCount: 0,
      services: ['shop'],
    },
  },
  {
    name: 'a cycle of parents still has a summary, and any correlation id is better than none',
    spans: [
      item('a', { parentSpanId: 'b', correlationId: 'c' }),
      item('b', { parentSpanId: 'a', startMs: 90 }),
    ],
    expected: {
      traceId: 't',
      correlationId: 'c',
      name: 'b',
      service: 'shop',
      startMs: 90,
      durationMs: 20,
      spanCount: 2,
      errorCount: 0,
      services: ['shop'],
    },
  },
])('$name', ({ spans, expected }) => {
  expect(traceSummary(spans)).toEqual(expected);
});
