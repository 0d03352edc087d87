/** Decides who may run, wait or must go, from counts alone. The shell keeps the queue in order of arrival. */

/** Law: `active <= maxConcurrent`, `queued <= maxQueued`, and `queued > 0` only while `active === maxConcurrent`. */
export interface BulkheadState {
  readonly active: number;
  readonly queued: number;
  readonly rejected: number;
  readonly completed: number;
}

/** `arrived`: a call asks. `finished`: a running one settled. `expired`: a waiting one gave up. `left`: a waiting one was cancelled. */
export type BulkheadInput = 'arrived' | 'finished' | 'expired' | 'left';

/** What the shell must now do with the call, or with the first of the queue (`start-next`). */
export type BulkheadEffect = 'run' | 'wait' | 'refuse' | 'start-next' | 'nothing';

export interface BulkheadStep {
  readonly state: BulkheadState;
  readonly effect: BulkheadEffect;
}

export interface BulkheadBounds {
  readonly maxConcurrent: number;
  readonly maxQueued: number;
}

export const emptyBulkhead: BulkheadState = Object.freeze({
  active: 0,
  queued: 0,
  rejected: 0,
  completed: 0,
});

/** Pure transition of a bulkhead. */
export function step(state: BulkheadState, input: BulkheadInput, bounds: BulkheadBounds): BulkheadStep {
  switch (input) {
    case 'arrived':
      if (state.active < bounds.maxConcurrent)
        return { state: { ...state, active: state.active + 1 }, effect: 'run' };
      if (state.queued < bounds.maxQueued)
        return { state: { ...state, queued: state.queued + 1 }, effect: 'wait' };
      return { state: { ...state, rejected: state.rejected + 1 }, effect: 'refuse' };
    case 'finished': {
      const completed = state.completed + 1;
      return state.queued > 0
        ? { state: { ...state, completed, queued: state.queued - 1 }, effect: 'start-next' }
        : { state: { ...state, completed, active: state.active - 1 }, effect: 'nothing' };
    }
    case 'expired':
      return {
        state: { ...state, queued: state.queued - 1, rejected: state.rejected + 1 },
        effect: 'refuse',
      };
    case 'left':
      return { state: { ...state, queued: state.queued - 1 }, effect: 'nothing' };
  }
}
