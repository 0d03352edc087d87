/** One service in this process, over real HTTP on a free port, with its own folder, log and trace file. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTelemetry } from '@holdfast/telemetry';
import type { ServiceName } from '../registry.ts';
import { type ServiceOptions, startService } from '../start.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed JSON; the lines of an NDJSON answer; `undefined` for an empty body. */
  readonly body: unknown;
  /** Status, then `state` of a result or `code` of a problem: `201 reserved`, `409 already-released`. */
  readonly outcome: string;
  /** `detail` of a problem; empty otherwise. */
  readonly detail: string;
}

export interface ServiceUnderTest extends AsyncDisposable {
  readonly url: string;
  readonly dataFolder: string;
  readonly tracesFile: string;
  /** How often `POST /chaos/crash` would have ended the process. */
  readonly crashes: number;
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Reply>;
  /** A POST with this Idempotency-Key. */
  post(path: string, body: unknown, key: string): Promise<Reply>;
  /** Log lines so far, oldest first. */
  log(): readonly Readonly<Record<string, unknown>>[];
  /** Writes all spans and closes the service; the folder stays until disposal. */
  close(): Promise<void>;
}

let made = 0;

/** A name that no other test of this file uses. */
export function fresh(prefix: string): string {
  made += 1;
  return `${prefix}-${made}`;
}

export type TestOptions = Partial<Omit<ServiceOptions, 'service' | 'telemetry' | 'crash'>>;

export async function serviceUnderTest(
  service: ServiceName,
  options: TestOptions = {},
): Promise<ServiceUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), `holdfast-${service}-`));
  const dataFolder = options.dataFolder ?? folder;
  const [logFile, tracesFile] = [join(folder, 'test.log'), join(folder, 'traces.sqlite')];
  const telemetry = startTelemetry({ service, traceFile: tracesFile, logDestination: logFile });
  let crashes = 0;
  const crash = (): void => {
    crashes += 1;
  };
  const settings = { port: 0, seed: 1, latencyScale: 0, ...options };
  const running = await startService({ service, ...settings, dataFolder, telemetry, crash });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= running.close().then(() => telemetry[Symbol.asyncDispose]());
    return closing;
  };
  const call: ServiceUnderTest['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${running.url}${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return reply(response, parse(await response.text(), response.headers));
  };
  return {
    url: running.url,
    dataFolder,
    tracesFile,
    call,
    close,
    get crashes(): number {
      return crashes;
    },
    post: (path, body, key) => call('POST', path, body, { 'idempotency-key': key }),
    log: () =>
      readFileSync(logFile, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
    [Symbol.asyncDispose]: async () => {
      await close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function parse(text: string, headers: Headers): unknown {
  if (text === '') return undefined;
  if (headers.get('content-type') !== 'application/x-ndjson') return JSON.parse(text);
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function reply({ status, headers }: Response, body: unknown): Reply {
  const field = (name: string): unknown =>
    typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
  const outcome = `${status} ${field('state') ?? field('code') ?? ''}`;
  return { status, headers, body, outcome, detail: String(field('detail') ?? '') };
}
