/**
 * What a payment command does to an order's reservation. Pure: every order of commands, every repeat
 * and every late arrival is a row of this table.
 */

/** `absent`: never heard of. `released` also marks an order that was undone before it was ever reserved (tombstone). */
export type PaymentState = 'absent' | 'reserved' | 'captured' | 'released' | 'refunded';

/** A movement of money, as the ledger names it. */
export type Movement = 'reserve' | 'capture' | 'release' | 'refund';

/** Money moves: write the ledger row and the new state together. */
interface Move {
  readonly kind: 'move';
  readonly movement: Movement;
  readonly to: Exclude<PaymentState, 'absent'>;
}

/** No money moves, but the order must never be reserved from now on. */
interface Entomb {
  readonly kind: 'entomb';
  readonly to: 'released';
}

/** Already so: nothing changes. */
interface Repeat {
  readonly kind: 'repeat';
}

interface Refuse {
  readonly kind: 'refuse';
  readonly code: 'already-released' | 'already-captured' | 'reservation-unknown';
}

/** What each command can lead to. */
export interface PaymentDecisions {
  readonly reserve: Move | Repeat | Refuse;
  readonly capture: Move | Repeat | Refuse;
  readonly release: Move | Entomb | Repeat;
}

export type PaymentCommand = keyof PaymentDecisions;

const repeat: Repeat = { kind: 'repeat' };
const undone: Refuse = { kind: 'refuse', code: 'already-released' };
const move = (movement: Movement, to: Move['to']): Move => ({ kind: 'move', movement, to });

const TABLE: Readonly<Record<PaymentState, PaymentDecisions>> = {
  absent: {
    reserve: move('reserve', 'reserved'),
    capture: { kind: 'refuse', code: 'reservation-unknown' },
    release: { kind: 'entomb', to: 'released' },
  },
  reserved: { reserve: repeat, capture: move('capture', 'captured'), release: move('release', 'released') },
  captured: {
    reserve: { kind: 'refuse', code: 'already-captured' },
    capture: repeat,
    release: move('refund', 'refunded'),
  },
  released: { reserve: undone, capture: undone, release: repeat },
  refunded: { reserve: undone, capture: undone, release: repeat },
};

/** Laws: an order moves money at most once per movement; `released` and `refunded` are final. */
export function decide<C extends PaymentCommand>(state: PaymentState, command: C): PaymentDecisions[C] {
  return TABLE[state][command];
}

/** @throws RangeError on a state that this program never wrote. */
export function paymentState(stored: string): PaymentState {
  for (const state of ['absent', 'reserved', 'captured', 'released', 'refunded'] as const) {
    if (state === stored) return state;
  }
  throw new RangeError(`"${stored}" is not a state of a reservation`);
}
