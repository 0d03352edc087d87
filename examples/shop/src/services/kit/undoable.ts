/**
 * The life of an effect that can be undone once, for good: goods reserved, a shipment booked. Pure.
 * An undo that comes before its effect leaves a tombstone, so that the late effect is refused.
 */

export type UndoableState = 'absent' | 'active' | 'undone';

export type CreateDecision = 'apply' | 'repeat' | 'conflict' | 'too-late';
export type UndoDecision = 'undo' | 'entomb' | 'repeat';

/** `sameContents` says whether the known effect is the one asked for. */
export function decideCreate(state: UndoableState, sameContents: boolean): CreateDecision {
  switch (state) {
    case 'absent':
      return 'apply';
    case 'active':
      return sameContents ? 'repeat' : 'conflict';
    case 'undone':
      return 'too-late';
  }
}

export function decideUndo(state: UndoableState): UndoDecision {
  switch (state) {
    case 'absent':
      return 'entomb';
    case 'active':
      return 'undo';
    case 'undone':
      return 'repeat';
  }
}

/** @throws RangeError on a state that this program never wrote. */
export function undoableState(stored: string): UndoableState {
  for (const state of ['absent', 'active', 'undone'] as const) if (state === stored) return state;
  throw new RangeError(`"${stored}" is not a state of an effect that can be undone`);
}
