/** Reads a request's body and query within bounds and checks them against a schema. */
import { z } from 'zod';
import { ProblemError } from './problems.ts';
import type { ServiceRequest } from './service.ts';
import { parsed } from './validation.ts';

/** Bodies longer than this are refused with 413 before they are read to the end. */
export const MAX_BODY_BYTES = 65_536;

/**
 * The JSON body by `schema`.
 * @throws ProblemError `unsupported-content-type`, `malformed-json`, `invalid-request`.
 */
export async function jsonBody<S extends z.ZodType>(
  request: ServiceRequest,
  schema: S,
): Promise<z.output<S>> {
  const type = request.req.header('content-type');
  if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
    throw new ProblemError(
      'unsupported-content-type',
      `the content-type must be application/json, but is ${type ?? 'missing'}`,
    );
  }
  return parsed(schema, parseJson(await request.req.text()));
}

/** For commands whose path says everything: no body, or `{}`. @throws ProblemError as {@link jsonBody}. */
export async function noBody(request: ServiceRequest): Promise<void> {
  const body = await request.req.text();
  if (body !== '') parsed(z.strictObject({}), parseJson(body));
}

/** The query by `schema`; every field is text. A field given twice counts once, its first value. @throws ProblemError `invalid-request`. */
export function query<S extends z.ZodType>(request: ServiceRequest, schema: S): z.output<S> {
  return parsed(schema, request.req.query(), '/query');
}

/** The part of the path called `name`, by `schema`. @throws ProblemError `invalid-request`. */
export function pathPart<S extends z.ZodType>(request: ServiceRequest, name: string, schema: S): z.output<S> {
  return parsed(schema, request.req.param(name), `/path/${name}`);
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ProblemError('malformed-json', `the body is not JSON (${reason}); nothing was changed`);
  }
}
