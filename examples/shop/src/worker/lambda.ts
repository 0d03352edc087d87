/**
 * The worker's side of the Lambda Invoke API: runs a step function and answers as Lambda does, a
 * failure as status 200 with `X-Amz-Function-Error` and `{errorType, errorMessage}`. `errorType` is
 * what the saga's Retry and Catch name.
 */
import { isHoldfastError } from '@holdfast/core';
import { ServiceRefusedError } from '../guarded/errors.ts';
import { type StepFunction, stepInputSchema } from './functions.ts';

export interface InvokeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
  /** What went wrong, unless the service just said no. */
  readonly fault?: unknown;
}

/** Refusals that are final and certain to have had no effect, by the services' problem codes. */
const REFUSALS: Readonly<Record<string, string>> = {
  'payment-declined': 'PaymentDeclined',
  'insufficient-stock': 'InsufficientStock',
  'delivery-unavailable': 'DeliveryUnavailable',
  'invalid-request': 'OrderInvalid',
  'unknown-product': 'OrderInvalid',
  'unknown-customer': 'OrderInvalid',
};

export async function invoke(
  functions: ReadonlyMap<string, StepFunction>,
  name: string,
  payload: unknown,
  signal: AbortSignal,
): Promise<InvokeAnswer> {
  const run = functions.get(name);
  if (run === undefined) {
    return {
      status: 404,
      headers: { 'x-amzn-errortype': 'ResourceNotFoundException' },
      body: { Type: 'User', Message: `Function not found: ${name}` },
    };
  }
  const input = stepInputSchema.safeParse(payload);
  if (!input.success)
    return failed(
      'OrderInvalid',
      input.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '),
    );
  try {
    return { status: 200, headers: {}, body: await run(input.data, signal) };
  } catch (error) {
    const answer = failed(errorType(error), error instanceof Error ? error.message : String(error));
    return error instanceof ServiceRefusedError ? answer : { ...answer, fault: error };
  }
}

/** `Unavailable` covers every outcome that is unknown or may pass: the saga retries it, then undoes the step. */
export function errorType(error: unknown): string {
  if (error instanceof ServiceRefusedError) return REFUSALS[error.problem] ?? 'Refused';
  return isHoldfastError(error) ? 'Unavailable' : 'WorkerFault';
}

function failed(type: string, message: string): InvokeAnswer {
  return {
    status: 200,
    headers: { 'x-amz-function-error': 'Unhandled' },
    body: { errorType: type, errorMessage: message },
  };
}
