/** One guarded HTTP exchange with a service, traced, with correlation headers, its answer checked by a schema. */
import type { Call } from '@holdfast/core';
import type { Telemetry } from '@holdfast/telemetry';
import { z } from 'zod';
import type { ServiceName } from '../supervisor/topology.ts';
import { ServiceRefusedError, ServiceUnavailableError } from './errors.ts';
import type { Guards } from './guards.ts';

/** Answers longer than this are not read. */
const MAX_ANSWER_BYTES = 1_000_000;

export interface ServiceRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly path: string;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
}

export interface ServiceClient {
  /** A whole JSON answer. */
  json<T>(
    dependency: ServiceName,
    request: ServiceRequest,
    schema: z.ZodType<T>,
    call?: Partial<Call>,
  ): Promise<T>;
  /** An NDJSON answer, line by line as it arrives. */
  lines(
    dependency: ServiceName,
    request: ServiceRequest,
    onLine: (line: unknown) => void,
    call?: Partial<Call>,
  ): Promise<void>;
}

const problemSchema = z.object({
  code: z.string().default('unknown'),
  detail: z.string().default('no detail given'),
});

export function serviceClient(
  urls: ReadonlyMap<string, string>,
  guards: Guards,
  telemetry: Telemetry,
): ServiceClient {
  const exchange = <T>(
    dependency: ServiceName,
    request: ServiceRequest,
    read: (response: Response) => Promise<T>,
    call?: Partial<Call>,
  ): Promise<T> =>
    guards.execute(
      dependency,
      async ({ signal, attempt }) => {
        const answer = await telemetry.call(
          `${request.method} ${dependency}`,
          { peer: dependency, attempt, route: routeOf(request.path) },
          async (scope) => {
            try {
              const response = await send(dependency, request, urls, scope.headers(), signal);
              scope.set({ status: response.status });
              return { value: await read(response) };
            } catch (error) {
              // A refusal is an answer: thrown outside of the span, it does not paint a healthy service red.
              if (!(error instanceof ServiceRefusedError)) throw error;
              scope.set({ status: error.status, refusal: error.problem });
              return { refusal: error };
            }
          },
        );
        if ('refusal' in answer) throw answer.refusal;
        return answer.value;
      },
      call,
    );
  return {
    json: (dependency, request, schema, call) =>
      exchange(
        dependency,
        request,
        async (response) => understand(dependency, schema, await body(dependency, response)),
        call,
      ),
    lines: (dependency, request, onLine, call) =>
      exchange(dependency, request, (response) => readLines(dependency, response, onLine), call),
  };
}

async function send(
  dependency: ServiceName,
  request: ServiceRequest,
  urls: ReadonlyMap<string, string>,
  headers: Record<string, string>,
  signal: AbortSignal,
): Promise<Response> {
  const response = await fetch(`${urls.get(dependency) ?? ''}${request.path}`, {
    method: request.method,
    signal,
    headers: {
      ...headers,
      ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(request.idempotencyKey === undefined ? {} : { 'idempotency-key': request.idempotencyKey }),
    },
    ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
  }).catch((error: unknown) => unreachable(dependency, error, signal));
  if (response.ok) return response;
  const problem = problemSchema.safeParse(await response.json().catch(() => ({})));
  const { code, detail } = problem.data ?? { code: 'unknown', detail: `HTTP ${response.status}` };
  if (response.status >= 500 || response.status === 429)
    throw new ServiceUnavailableError(dependency, detail);
  throw new ServiceRefusedError(dependency, response.status, code, detail);
}

/** An abort keeps its own reason, so that a timeout stays a timeout. */
function unreachable(dependency: string, error: unknown, signal: AbortSignal): never {
  if (signal.aborted) throw signal.reason;
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
  throw new ServiceUnavailableError(dependency, cause, { cause: error });
}

async function body(dependency: ServiceName, response: Response): Promise<unknown> {
  const parts: string[] = [];
  let size = 0;
  for await (const text of texts(dependency, response)) {
    size += text.length;
    if (size > MAX_ANSWER_BYTES)
      throw new ServiceUnavailableError(dependency, `its answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    parts.push(text);
  }
  return parse(dependency, parts.join(''));
}

async function readLines(
  dependency: ServiceName,
  response: Response,
  onLine: (line: unknown) => void,
): Promise<void> {
  let rest = '';
  let size = 0;
  for await (const text of texts(dependency, response)) {
    size += text.length;
    if (size > MAX_ANSWER_BYTES)
      throw new ServiceUnavailableError(dependency, `its answer is longer than ${MAX_ANSWER_BYTES} bytes`);
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) if (line !== '') onLine(parse(dependency, line));
  }
  if (rest !== '') onLine(parse(dependency, rest));
}

async function* texts(dependency: ServiceName, response: Response): AsyncGenerator<string> {
  if (response.body === null) return;
  try {
    yield* response.body.pipeThrough(new TextDecoderStream());
  } catch (error) {
    if (error instanceof Error && error.name === 'TypeError')
      throw new ServiceUnavailableError(dependency, 'the connection broke in the middle of its answer', {
        cause: error,
      });
    throw error;
  }
}

function parse(dependency: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ServiceUnavailableError(dependency, 'its answer is not JSON', { cause: error });
  }
}

function understand<T>(dependency: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new ServiceUnavailableError(
    dependency,
    `its answer is not as agreed: ${z.prettifyError(parsed.error)}`,
  );
}

/** The path without ids and query, so that spans of one route share a name. */
function routeOf(path: string): string {
  return (path.split('?')[0] ?? path).replace(/\/o-[^/]+/g, '/{orderId}');
}
