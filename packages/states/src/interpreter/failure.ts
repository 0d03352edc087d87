/** How a state fails: the Error and Cause of States Language, and which error names of Retry and Catch they match. */
import { HoldfastError } from '@holdfast/core';

/** A failure on its way from the state where it arose to the Retry or Catch that takes it. */
export interface Failure {
  /** Absent when a Fail state names none. */
  readonly error?: string;
  readonly cause?: string;
  /** States.Runtime and the like: no Retry or Catch may take it, the execution fails. */
  readonly terminal: boolean;
  /** A second name it answers to: States.HeartbeatTimeout is recorded as States.Timeout. */
  readonly alias?: string;
}

/** `HF_STATE_FAILED`: carries a {@link Failure} out of the evaluation of a state. Never leaves the interpreter. */
export class StateFailure extends HoldfastError {
  readonly code = 'HF_STATE_FAILED';
  readonly retryable = false;
  readonly failure: Failure;
  constructor(failure: Failure) {
    super(`${failure.error ?? 'failed'}: ${failure.cause ?? ''}`);
    this.failure = failure;
  }
}

/** Throws what AWS reports when a state cannot be evaluated. */
export function runtimeFailure(cause: string): never {
  throw new StateFailure({ error: 'States.Runtime', cause, terminal: true });
}

/** Whether an ErrorEquals list takes `failure`. */
export function matches(errors: readonly string[], failure: Failure): boolean {
  if (failure.terminal) return false;
  return errors.some((name) => {
    if (name === 'States.ALL' || name === failure.error || name === failure.alias) return true;
    return name === 'States.TaskFailed' && failure.error !== 'States.Timeout';
  });
}
