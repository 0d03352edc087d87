/** Calls functions over the Lambda Invoke API and reports results and errors as Step Functions does. */
import http from 'node:http';
import https from 'node:https';
import { InvalidOptionsError } from '@holdfast/core';
import type { TaskCall, TaskInvoker } from '../engine/tasks.ts';
import type { TaskOutcome } from '../interpreter/protocol.ts';
import { type Json, member, parseJson } from '../json/json.ts';
import { errorOutcome, okOutcome } from './outcome.ts';
import { type InvokeRequest, type InvokeResponse, invokeRequest } from './request.ts';

export interface LambdaInvokerOptions {
  /**
   * Base URLs of Lambda endpoints (`http://127.0.0.1:3001`), 1 to 64. Calls go round them in turn; a refused
   * connection moves to the next one, since nothing was delivered.
   */
  readonly endpoints: readonly string[];
  /** Idle connections kept per endpoint, 1 to 1,024. Default 64. */
  readonly maxIdleSockets?: number;
  /** A call without any answer for this long has failed, 1,000 to 3,600,000 ms. Default 900,000: what Lambda allows. */
  readonly timeoutMs?: number;
}

/** Responses over this are cut off: Lambda itself answers with 6 MiB at most. */
const MAX_RESPONSE_BYTES = 6 * 1_048_576;

/** Sends `x-holdfast-idempotency-token`, `x-correlation-id`, `traceparent` and `x-amzn-trace-id` with every call. */
export function lambdaInvoker(options: LambdaInvokerOptions): TaskInvoker {
  const endpoints = options.endpoints.map(endpointOf);
  if (endpoints.length < 1 || endpoints.length > 64) {
    throw new InvalidOptionsError('lambdaInvoker', 'endpoints', '1 to 64 URLs', options.endpoints.length);
  }
  const { maxIdleSockets = 64, timeoutMs = 900_000 } = options;
  checkRange('maxIdleSockets', maxIdleSockets, 1, 1_024);
  checkRange('timeoutMs', timeoutMs, 1_000, 3_600_000);
  const agents = {
    'http:': new http.Agent({ keepAlive: true, maxFreeSockets: maxIdleSockets }),
    'https:': new https.Agent({ keepAlive: true, maxFreeSockets: maxIdleSockets }),
  };
  let turn = 0;

  return async (call, signal) => {
    const request = invokeRequest(call);
    const first = turn;
    turn = (turn + 1) % endpoints.length;
    let refused: unknown;
    for (let i = 0; i < endpoints.length; i += 1) {
      const endpoint = endpoints[(first + i) % endpoints.length];
      if (endpoint === undefined) break;
      try {
        return outcomeOf(await send(endpoint, agents, request, call, signal, timeoutMs), call, request);
      } catch (error) {
        refused = error;
        if (!isRefused(error)) break;
      }
    }
    return unreachable(refused);
  };
}

function checkRange(field: string, value: number, min: number, max: number): void {
  if (Number.isInteger(value) && value >= min && value <= max) return;
  const bound = `an integer from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`;
  throw new InvalidOptionsError('lambdaInvoker', field, bound, value);
}

function endpointOf(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol === 'http:' || url?.protocol === 'https:') return url;
  throw new InvalidOptionsError('lambdaInvoker', 'endpoints', 'http:// or https:// URLs', text);
}

function send(
  endpoint: URL,
  agents: { readonly 'http:': http.Agent; readonly 'https:': https.Agent },
  request: InvokeRequest,
  call: TaskCall,
  signal: AbortSignal,
  timeoutMs: number,
): Promise<InvokeResponse> {
  const url = new URL(request.path, endpoint);
  const headers = {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(request.body),
    ...request.headers,
    'x-holdfast-idempotency-token': call.token,
    'x-correlation-id': call.correlationId,
    ...(call.traceparent === undefined ? {} : { traceparent: call.traceparent }),
    ...(call.traceHeader === undefined ? {} : { 'x-amzn-trace-id': call.traceHeader }),
  };
  const secure = url.protocol === 'https:';
  const options = { method: 'POST', headers, signal };
  return new Promise((resolve, reject) => {
    const outgoing = secure
      ? https.request(url, { ...options, agent: agents['https:'] })
      : http.request(url, { ...options, agent: agents['http:'] });
    outgoing.on('error', reject);
    outgoing.setTimeout(timeoutMs, () => outgoing.destroy(new Error(`no answer for ${timeoutMs} ms`)));
    outgoing.on('response', (incoming) => {
      readBody(incoming).then((body) => {
        const { statusCode = 0, headers: received, rawHeaders } = incoming;
        resolve({ status: statusCode, headers: received, rawHeaders, body });
      }, reject);
    });
    outgoing.end(request.body);
  });
}

async function readBody(incoming: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_RESPONSE_BYTES) {
      incoming.destroy();
      throw new Error(`the response is larger than ${MAX_RESPONSE_BYTES} bytes`);
    }
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function outcomeOf(response: InvokeResponse, call: TaskCall, request: InvokeRequest): TaskOutcome {
  const failed = response.headers['x-amz-function-error'];
  if (response.status >= 200 && response.status < 300 && failed === undefined)
    return okOutcome(response, call, request);
  if (response.status >= 200 && response.status < 300) return functionError(response.body, call);
  return errorOutcome(response);
}

/** The function threw: its error type is the Error, what it returned the Cause. */
function functionError(body: string, call: TaskCall): TaskOutcome {
  const value = parsed(body);
  const type = member(value, 'errorType');
  const cause = call.resource.kind === 'lambda-invoke' && value !== undefined ? JSON.stringify(value) : body;
  return { ok: false, error: typeof type === 'string' && type !== '' ? type : 'Lambda.Unknown', cause };
}

function parsed(body: string): Json | undefined {
  try {
    return parseJson(body);
  } catch {
    return undefined;
  }
}

function isRefused(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ECONNREFUSED') return true;
  return error instanceof AggregateError && error.errors.every(isRefused);
}

function unreachable(error: unknown): TaskOutcome {
  const reason = error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error);
  return {
    ok: false,
    error: 'Lambda.SdkClientException',
    cause: `Unable to execute HTTP request: ${reason}`,
  };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
