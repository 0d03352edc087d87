import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CountsBatch } from './unsent-counts.ts';
import { callsIn, unsentCounts } from './unsent-counts.ts';

const counts = (successes: number, failures = 0, slow = 0) => ({ successes, failures, slow });

test('hands out each count once, those of the present epoch last', () => {
  const unsent = unsentCounts();
  unsent.record(1, 'success');
  unsent.record(1, 'failure');
  unsent.record(2, 'slow');
  expect(unsent.take(2)).toEqual([
    { epoch: 1, late: true, counts: counts(1, 1) },
    { epoch: 2, late: false, counts: counts(0, 0, 1) },
  ]);
  expect(unsent.take(2)).toEqual([]);
  expect(unsent.isEmpty).toBe(true);
});

test('counts of an epoch that has ended are late, and so are those that come back', () => {
  const unsent = unsentCounts();
  unsent.record(1, 'success');
  const [batch] = unsent.take(2);
  expect(batch).toEqual({ epoch: 1, late: true, counts: counts(1) });
  if (batch) unsent.giveBack({ ...batch, late: false });
  unsent.record(2, 'success');
  expect(unsent.isEmpty).toBe(false);
  expect(unsent.take(2).map(({ late }) => late)).toEqual([true, false]);
});

test('is bounded to 8 late epochs, and no count is lost whatever comes back', () => {
  let mostEpochs = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ epoch: fc.nat(20), takes: fc.boolean(), refused: fc.boolean() }), {
        maxLength: 80,
        size: 'max',
      }),
      (steps) => {
        const unsent = unsentCounts();
        let recorded = 0;
        let sent = 0;
        const publish = (batches: readonly CountsBatch[], refused: boolean): void => {
          mostEpochs = Math.max(mostEpochs, batches.length);
          expect(batches.length).toBeLessThanOrEqual(9);
          for (const batch of batches) {
            if (refused) unsent.giveBack(batch);
            else sent += callsIn(batch.counts);
          }
        };
        for (const { epoch, takes, refused } of steps) {
          unsent.record(epoch, 'failure');
          recorded += 1;
          if (takes) publish(unsent.take(epoch), refused);
        }
        publish(unsent.take(99), false);
        expect(sent).toBe(recorded);
      },
    ),
  );
  expect(mostEpochs).toBeGreaterThan(4);
});
