/** RFC 9457 problem responses: what is wrong, with which field, in words for the person who reads them. */
import type { Problem } from '@holdfast/dashboard/contract';
import type { z } from 'zod';

export interface ProblemOptions {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly retryAfterSeconds?: number;
}

/** Thrown by a route; the app turns it into the response. */
export class ProblemError extends Error {
  readonly problem: ProblemOptions;

  constructor(problem: ProblemOptions) {
    super(problem.detail);
    this.problem = problem;
  }
}

export function problemResponse(problem: ProblemOptions, correlationId: string): Response {
  const body: Problem = {
    type: `urn:holdfast:shop:${problem.code.toLowerCase().replaceAll('_', '-')}`,
    ...{
      title: problem.title,
      status: problem.status,
      detail: problem.detail,
      code: problem.code,
      correlationId,
    },
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
  return new Response(JSON.stringify(body), {
    status: problem.status,
    headers: {
      'content-type': 'application/problem+json',
      ...(problem.retryAfterSeconds === undefined
        ? {}
        : { 'retry-after': String(problem.retryAfterSeconds) }),
    },
  });
}

/** Every issue of a schema as a field at fault, with the value that was given where that is short. */
export function invalid(error: z.ZodError, given: unknown, where: 'body' | 'query'): ProblemError {
  const errors = error.issues.flatMap((issue) => {
    const path =
      issue.code === 'unrecognized_keys' ? issue.keys.map((key) => [...issue.path, key]) : [issue.path];
    return path.map((each) => ({
      pointer: pointer(each),
      detail: `${issue.message}${givenAt(given, each)}`,
    }));
  });
  const first = errors[0];
  return new ProblemError({
    status: 400,
    code: 'HF_SHOP_INVALID',
    title: 'The request is not valid',
    detail:
      first === undefined
        ? `the ${where} is not valid`
        : `${where} ${first.pointer || '(whole)'}: ${first.detail}`,
    errors,
  });
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function givenAt(value: unknown, path: readonly PropertyKey[]): string {
  let at: unknown = value;
  for (const key of path) at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
  if (at === undefined) return ' (missing)';
  if (typeof at === 'object') return '';
  return ` (given: ${JSON.stringify(at).slice(0, 60)})`;
}
