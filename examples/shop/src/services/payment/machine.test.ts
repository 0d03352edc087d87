import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  decide,
  type PaymentCommand,
  type PaymentDecisions,
  type PaymentState,
  paymentState,
} from './machine.ts';

type PaymentDecision = PaymentDecisions[PaymentCommand];
const undone: PaymentDecision = { kind: 'refuse', code: 'already-released' };

test.each<[state: PaymentState, command: PaymentCommand, decision: PaymentDecision]>([
  ['absent', 'reserve', { kind: 'move', movement: 'reserve', to: 'reserved' }],
  ['absent', 'capture', { kind: 'refuse', code: 'reservation-unknown' }],
  ['absent', 'release', { kind: 'entomb', to: 'released' }],
  ['reserved', 'reserve', { kind: 'repeat' }],
  ['reserved', 'capture', { kind: 'move', movement: 'capture', to: 'captured' }],
  ['reserved', 'release', { kind: 'move', movement: 'release', to: 'released' }],
  ['captured', 'reserve', { kind: 'refuse', code: 'already-captured' }],
  ['captured', 'capture', { kind: 'repeat' }],
  ['captured', 'release', { kind: 'move', movement: 'refund', to: 'refunded' }],
  ['released', 'reserve', undone],
  ['released', 'capture', undone],
  ['released', 'release', { kind: 'repeat' }],
  ['refunded', 'reserve', undone],
  ['refunded', 'capture', undone],
  ['refunded', 'release', { kind: 'repeat' }],
])('%s, then %s', (state, command, decision) => {
  expect(decide(state, command)).toEqual(decision);
});

test('whatever the history, each movement happens at most once and a released order stays released', () => {
  const reached = new Set<PaymentState>();
  const command = fc.constantFrom<PaymentCommand>('reserve', 'capture', 'release');
  fc.assert(
    fc.property(fc.array(command, { maxLength: 12, size: 'max' }), (history) => {
      let state: PaymentState = 'absent';
      const movements: string[] = [];
      for (const each of history) {
        const decision: PaymentDecision = decide(state, each);
        if (decision.kind === 'move') movements.push(decision.movement);
        const next: PaymentState =
          decision.kind === 'move' || decision.kind === 'entomb' ? decision.to : state;
        if (state === 'released' || state === 'refunded') expect(next).toBe(state);
        state = next;
        reached.add(state);
      }
      expect(movements).toHaveLength(new Set(movements).size);
    }),
  );
  expect(reached).toEqual(new Set(['absent', 'reserved', 'captured', 'released', 'refunded']));
});

test('a state that no version wrote is refused rather than guessed', () => {
  expect(() => paymentState('paid')).toThrow('"paid" is not a state of a reservation');
});
