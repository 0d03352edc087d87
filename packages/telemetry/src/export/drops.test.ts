import { expect, test } from 'vitest';
import { countDrops, type DropReport } from './drops.ts';

function counted() {
  const clock = { nowMs: 5_000 };
  const reports: DropReport[] = [];
  const drops = countDrops({ monotonic: () => clock.nowMs }, (report) => reports.push(report));
  return { clock, reports, drops };
}

test('the first drop is reported at once, those of the next minute together', () => {
  const { clock, reports, drops } = counted();
  const error = new Error('disk full');
  drops.add('queue-full', 1);
  expect(reports).toEqual([{ dropped: 1, reasons: { 'queue-full': 1 } }]);

  drops.add('queue-full', 2);
  drops.add('store-unavailable', 512, error);
  clock.nowMs += 59_999;
  drops.add('queue-full', 3);
  expect(reports).toHaveLength(1);

  clock.nowMs += 1;
  drops.add('queue-full', 4);
  expect(reports[1]).toEqual({ dropped: 521, reasons: { 'queue-full': 9, 'store-unavailable': 512 }, error });
  expect(reports).toHaveLength(2);
  expect(drops.total()).toBe(522);
});

test('closing reports the rest once, and nothing when there is none', () => {
  const { reports, drops } = counted();
  drops.close();
  expect(reports).toEqual([]);
  drops.add('queue-full', 1);
  drops.add('queue-full', 6);
  drops.close();
  drops.close();
  expect(reports.map(({ dropped }) => dropped)).toEqual([1, 6]);
});
