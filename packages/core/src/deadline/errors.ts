import { HoldfastError } from '../errors.ts';

/** `HF_DEADLINE_EXCEEDED`: the whole call, with all its attempts, ran out of time. Not retryable: nobody waits any more. */
export class DeadlineExceededError extends HoldfastError {
  readonly code = 'HF_DEADLINE_EXCEEDED';
  readonly retryable = false;
  /** What was left when this deadline was set: its own budget, or less when the caller's was shorter. */
  readonly budgetMs: number;

  constructor(budgetMs: number) {
    super(
      budgetMs <= 0
        ? 'the deadline had passed before the call began; nothing was called'
        : `the deadline of ${Math.round(budgetMs)} ms for the whole call passed; work still running was aborted`,
    );
    this.budgetMs = budgetMs;
  }
}
