import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { BulkheadInput, BulkheadState } from './machine.ts';
import { emptyBulkhead, step } from './machine.ts';

const bounds = { maxConcurrent: 2, maxQueued: 1 };
const at = (active: number, queued: number): BulkheadState => ({ ...emptyBulkhead, active, queued });

test.each<[why: string, from: BulkheadState, input: BulkheadInput, to: BulkheadState, effect: string]>([
  ['runs while there is a place', at(1, 0), 'arrived', at(2, 0), 'run'],
  ['waits when all places are taken', at(2, 0), 'arrived', at(2, 1), 'wait'],
  ['refuses when the queue is full', at(2, 1), 'arrived', { ...at(2, 1), rejected: 1 }, 'refuse'],
  ['hands its place on', at(2, 1), 'finished', { ...at(2, 0), completed: 1 }, 'start-next'],
  ['gives its place back', at(2, 0), 'finished', { ...at(1, 0), completed: 1 }, 'nothing'],
  ['counts one that waited in vain as refused', at(2, 1), 'expired', { ...at(2, 0), rejected: 1 }, 'refuse'],
  ['lets a cancelled one go', at(2, 1), 'left', at(2, 0), 'nothing'],
])('%s', (_why, from, input, state, effect) => {
  expect(step(from, input, bounds)).toEqual({ state, effect });
});

test('no history breaks the bounds, and nobody waits beside a free place', () => {
  const reached = new Set<string>();
  const history = fc.array(
    fc.constantFrom<BulkheadInput>('arrived', 'arrived', 'finished', 'expired', 'left'),
    {
      maxLength: 100,
      size: 'max',
    },
  );
  fc.assert(
    fc.property(history, (inputs) => {
      let state = emptyBulkhead;
      let arrived = 0;
      let left = 0;
      for (const input of inputs) {
        const possible = input === 'arrived' || (input === 'finished' ? state.active > 0 : state.queued > 0);
        if (!possible) continue;
        const next = step(state, input, bounds);
        state = next.state;
        arrived += input === 'arrived' ? 1 : 0;
        left += input === 'left' ? 1 : 0;
        reached.add(next.effect);
        expect(state.active).toBeLessThanOrEqual(bounds.maxConcurrent);
        expect(state.queued).toBeLessThanOrEqual(bounds.maxQueued);
        expect(state.queued === 0 || state.active === bounds.maxConcurrent).toBe(true);
        expect(state.active + state.queued + state.rejected + state.completed + left).toBe(arrived);
      }
    }),
  );
  expect(reached).toEqual(new Set(['run', 'wait', 'refuse', 'start-next', 'nothing']));
});
