/** Serves an engine over HTTP: the Step Functions JSON protocol (AWS JSON 1.0), the feed, and a health check. */
import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { correlationFromHeaders, InvalidOptionsError } from '@holdfast/core';
import type { Engine } from '../engine/api.ts';
import { EngineUnavailableError, RequestRefusedError } from '../engine/errors.ts';
import { isObject, type Json, type JsonObject, parseJson } from '../json/json.ts';
import { streamFeed } from './feed-stream.ts';
import { membersOf } from './members.ts';
import { OPERATIONS } from './operations.ts';

export interface ServeStatesOptions {
  readonly engine: Engine;
  /** 0 to 65,535; 0 takes any free port. */
  readonly port: number;
  /** Address to listen on. Default `127.0.0.1`: there is no authentication, so nobody else should reach it. */
  readonly host?: string;
  /** Largest request body, 1,024 to 16,777,216 bytes. Default 1 MiB. */
  readonly maxBodyBytes?: number;
  /** Told of requests that failed by a defect of ours. */
  readonly onError?: (error: unknown) => void;
}

export interface StatesServer {
  readonly port: number;
  readonly url: string;
  /** Ends the feeds, lets requests in flight finish (2 s at most) and frees the port. */
  close(): Promise<void>;
}

const TARGET = /^AWSStepFunctions\.(\w+)$/;
const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const CLOSE_MS = 2_000;

/** Resolves when it listens. Rejects with the system's error when it cannot (port in use, no permission). */
export async function serveStates(options: ServeStatesOptions): Promise<StatesServer> {
  const { engine, port, host = '127.0.0.1', maxBodyBytes = 1_048_576, onError = () => {} } = options;
  check('port', 'an integer from 0 to 65,535', port, port >= 0 && port <= 65_535);
  check(
    'maxBodyBytes',
    'an integer from 1,024 to 16,777,216',
    maxBodyBytes,
    maxBodyBytes >= 1_024 && maxBodyBytes <= 16_777_216,
  );
  const closing = new AbortController();
  const server = http.createServer((request, response) => {
    route(request, response).catch((error: unknown) => {
      onError(error);
      if (!response.headersSent)
        answer(response, 500, {
          __type: 'InternalFailure',
          message: 'internal error; see the log of the engine',
        });
      else response.destroy();
    });
  });
  const route = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    if (isForeign(request, host))
      return answer(response, 403, { __type: 'AccessDeniedException', message: 'foreign Host or Origin' });
    const url = new URL(request.url ?? '/', 'http://local');
    if (request.method === 'POST' && url.pathname === '/') return await call(request, response);
    if (request.method === 'GET' && url.pathname === '/holdfast/health') {
      return answer(response, 200, { status: 'ok', ...engine.health() });
    }
    if (request.method === 'GET' && url.pathname === '/holdfast/feed') {
      const after = Number(request.headers['last-event-id'] ?? url.searchParams.get('after') ?? 0);
      if (Number.isSafeInteger(after) && after >= 0)
        return await streamFeed(engine, request, response, after, closing.signal);
      return answer(response, 400, {
        __type: 'ValidationException',
        message: "'after' must be a feed sequence, 0 or more",
      });
    }
    answer(response, 404, {
      __type: 'UnknownOperationException',
      message: `nothing is served at ${url.pathname}`,
    });
  };
  const call = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const target = request.headers['x-amz-target'];
    const name = TARGET.exec(typeof target === 'string' ? target : '')?.[1] ?? '';
    const operation = Object.hasOwn(OPERATIONS, name) ? OPERATIONS[name] : undefined;
    if (operation === undefined) {
      const message = `the operation '${String(target ?? '')}' is not supported by this engine`;
      return answer(response, 400, { __type: 'UnknownOperationException', message });
    }
    const body = await readBody(request, maxBodyBytes);
    if (body === undefined) {
      response.setHeader('connection', 'close');
      return answer(response, 413, {
        __type: 'ValidationException',
        message: `the request is larger than ${maxBodyBytes} bytes`,
      });
    }
    const json = parsed(body);
    if (!isObject(json))
      return answer(response, 400, {
        __type: 'SerializationException',
        message: 'the body is no JSON object',
      });
    const { id, traceparent } = correlationFromHeaders(request.headers);
    const context = { correlationId: id, ...(traceparent === undefined ? {} : { traceparent }) };
    try {
      answer(response, 200, await operation(engine, membersOf(json), context));
    } catch (error) {
      refuse(response, error);
    }
  };
  await listen(server, port, host);
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    port: bound,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${bound}`,
    close: () => close(server, closing),
  };
}

function check(field: string, bound: string, value: number, ok: boolean): void {
  if (!Number.isInteger(value) || !ok) throw new InvalidOptionsError('serveStates', field, bound, value);
}

/** A web page must not reach an engine on the developer's machine, neither directly nor by DNS rebinding. */
function isForeign(request: http.IncomingMessage, host: string): boolean {
  if (request.headers.origin !== undefined) return true;
  if (!LOOPBACK.includes(host) && host !== '::1') return false;
  return !LOOPBACK.includes((request.headers.host ?? '').replace(/:\d+$/, ''));
}

function refuse(response: http.ServerResponse, error: unknown): void {
  const { message } = error instanceof Error ? error : { message: '' };
  if (error instanceof RequestRefusedError) answer(response, 400, { __type: error.awsName, message });
  else if (error instanceof EngineUnavailableError)
    answer(response, 503, { __type: 'ServiceUnavailable', message });
  else throw error;
}

function answer(response: http.ServerResponse, status: number, body: JsonObject): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/x-amz-json-1.0',
    'content-length': Buffer.byteLength(text),
    'x-amzn-requestid': randomUUID(),
  });
  response.end(text);
}

function parsed(body: string): Json | undefined {
  try {
    return parseJson(body === '' ? '{}' : body);
  } catch {
    return undefined;
  }
}

/** The body as text, or undefined when it is too large. */
async function readBody(request: http.IncomingMessage, maxBytes: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > maxBytes) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function listen(server: http.Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function close(server: http.Server, closing: AbortController): Promise<void> {
  closing.abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS);
  await closed;
  clearTimeout(force);
}
