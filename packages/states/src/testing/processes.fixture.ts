/** Starts and kills engine processes, and finds free ports, for tests. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const FIXTURE = fileURLToPath(new URL('./serve.fixture.ts', import.meta.url));

export interface EngineProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** SIGKILL: no handler runs, nothing is flushed. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when the process serves. Rejects with what it printed when it ends before that. */
export async function startEngine(folder: string, endpoints: readonly string[]): Promise<EngineProcess> {
  const child = spawn(process.execPath, ['--conditions=holdfast-source', FIXTURE, folder, ...endpoints], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const errors: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')));
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the engine ended before it served: ${errors.join('')}`);
  });
  const [url] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  ended.catch(() => {});
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  };
  return { url: String(url), child, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

/** A folder that goes away with `using`. */
export async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'holdfast-states-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** A port that was free a moment ago, for programs that cannot be told to take any. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}
