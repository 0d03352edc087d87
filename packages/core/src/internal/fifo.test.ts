import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fifo } from './fifo.ts';

test('behaves like an array from which anyone may leave', () => {
  const command = fc.oneof(
    fc.constant({ kind: 'push' as const }),
    fc.constant({ kind: 'shift' as const }),
    fc.record({ kind: fc.constant('leave' as const), which: fc.nat(20) }),
  );
  let left = 0;
  fc.assert(
    fc.property(fc.array(command, { maxLength: 80, size: 'max' }), (commands) => {
      const queue = fifo<number>();
      const model: number[] = [];
      const leave: (() => void)[] = [];
      for (const each of commands) {
        if (each.kind === 'push') {
          model.push(leave.length);
          leave.push(queue.push(leave.length));
        } else if (each.kind === 'shift') {
          expect(queue.shift()).toBe(model.shift());
        } else {
          leave[each.which]?.();
          const index = model.indexOf(each.which);
          if (index >= 0) {
            model.splice(index, 1);
            left += 1;
          }
        }
      }
      while (model.length > 0) expect(queue.shift()).toBe(model.shift());
      expect(queue.shift()).toBeUndefined();
    }),
  );
  expect(left).toBeGreaterThan(0);
});
