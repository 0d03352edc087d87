/** How a guarded call can end badly, besides what the guards themselves raise. */
import { HoldfastError } from '@holdfast/core';

/** The service answered and said no. Trying again would get the same answer, so nothing retries it. */
export class ServiceRefusedError extends HoldfastError {
  readonly code = 'HF_SHOP_REFUSED';
  readonly retryable = false;
  readonly dependency: string;
  readonly status: number;
  /** The service's own problem code, for example `insufficient-stock`. */
  readonly problem: string;

  constructor(dependency: string, status: number, problem: string, detail: string) {
    super(detail);
    this.dependency = dependency;
    this.status = status;
    this.problem = problem;
  }
}

/** No answer, or one that blames the service. Whether the effect happened is unknown; a retry carries the same key. */
export class ServiceUnavailableError extends HoldfastError {
  readonly code = 'HF_SHOP_UNAVAILABLE';
  readonly retryable = true;
  readonly dependency: string;

  constructor(dependency: string, detail: string, options?: { cause?: unknown }) {
    super(`${dependency} is unavailable: ${detail}`, options);
    this.dependency = dependency;
  }
}
