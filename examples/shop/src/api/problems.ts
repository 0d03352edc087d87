/** RFC 9457 problem responses: what is wrong, with which field, in words for the person who reads them. */
import type { Problem } from '@holdfast/dashboard/contract';
import type { z } from 'zod';
import { fieldErrors } from '../services/kit/validation.ts';

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

/**
 * `value` as the schema sees it.
 * @throws ProblemError 400 naming every field at fault, its bound and the value given.
 */
export function valid<S extends z.ZodType>(schema: S, value: unknown, where: 'body' | 'query'): z.output<S> {
  const parsed = schema.safeParse(value, { reportInput: true });
  if (parsed.success) return parsed.data;
  const errors = fieldErrors(parsed.error, '');
  const [first] = errors;
  throw new ProblemError({
    ...{ status: 400, code: 'HF_SHOP_INVALID', title: 'The request is not valid', errors },
    detail: `${where} ${first?.pointer ?? ''} ${first?.detail ?? 'is not valid'}; nothing was changed`,
  });
}
