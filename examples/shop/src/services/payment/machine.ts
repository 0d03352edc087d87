/**
 * What a payment command does to an order's reservation. Pure: every order of commands, every repeat
 * and every late arrival is a row of this table.
 */

/** `absent`: never heard of. `released` also marks an order that was undone before it was ever reserved (tombstone). */
export type PaymentState = 'absent' | 'reserved' | 'captured' | 'released' | 'refunded';

export type PaymentCommand = 'reserve' | 'capture' | 'release';

/** A movement of money, as the ledger names it. */
export type Movement = 'reserve' | 'capture' | 'release' | 'refund';

export type PaymentDecision =
  /** Money moves: write the ledger row and the new state together. */
  | { readonly kind: 'move'; readonly to: PaymentState; readonly movement: Movement }
  /** No money moves, but the order must never be reserved from now on. */
  | { readonly kind: 'entomb'; readonly to: 'released' }
  /** Already so: nothing changes. */
  | { readonly kind: 'repeat' }
  | {
      readonly kind: 'refuse';
      readonly code: 'already-released' | 'already-captured' | 'reservation-unknown';
    };

const repeat: PaymentDecision = { kind: 'repeat' };
const undone: PaymentDecision = { kind: 'refuse', code: 'already-released' };
const move = (movement: Movement, to: PaymentState): PaymentDecision => ({ kind: 'move', to, movement });

const TABLE: Readonly<Record<PaymentState, Readonly<Record<PaymentCommand, PaymentDecision>>>> = {
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
export function decide(state: PaymentState, command: PaymentCommand): PaymentDecision {
  return TABLE[state][command];
}

/** @throws RangeError on a state that this program never wrote. */
export function paymentState(stored: string): PaymentState {
  for (const state of ['absent', 'reserved', 'captured', 'released', 'refunded'] as const)
    if (state === stored) return state;
  throw new RangeError(`"${stored}" is not a state of a reservation`);
}
