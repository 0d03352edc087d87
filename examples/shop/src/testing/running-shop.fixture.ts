/** The real shop as a user starts it, for tests: its own process tree, its own folder, its own port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ProcessView, StatusView } from '@holdfast/dashboard/contract';
import { readJson } from '../process/json.ts';
import { freePorts } from '../supervisor/ports.ts';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));

export interface RunningShop extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly dataFolder: string;
  /** Pid of the supervisor. */
  readonly pid: number;
  /** All that it printed on standard output. */
  output(): string;
  processes(): Promise<readonly ProcessView[]>;
  /** SIGKILL to the supervisor and a fresh start on the same folder and port. */
  killAndRestart(): Promise<void>;
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface RunningShopOptions {
  readonly args?: readonly string[];
  readonly latencyScale?: number;
}

export async function runningShop({
  args = [],
  latencyScale = 0.2,
}: RunningShopOptions = {}): Promise<RunningShop> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'holdfast-shop-'));
  const [port = 0] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const all = [
    '--port',
    String(port),
    '--data',
    dataFolder,
    '--no-open',
    '--latency-scale',
    String(latencyScale),
    ...args,
  ];
  let main = await start(all);
  return {
    ...{ url, port, dataFolder },
    get pid(): number {
      return main.child.pid ?? 0;
    },
    output: () => main.output(),
    processes: async () => {
      const response = await fetch(`${url}/api/status`, { signal: AbortSignal.timeout(2_000) });
      return (await readJson<StatusView>(response)).processes;
    },
    killAndRestart: async () => {
      await ended(main.child, 'SIGKILL');
      main = await start(all);
    },
    stop: (signal = 'SIGTERM') => ended(main.child, signal),
    [Symbol.asyncDispose]: async () => {
      await ended(main.child, 'SIGTERM');
      rmSync(dataFolder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function start(args: readonly string[]): Promise<{ readonly child: ChildProcess; output(): string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => {
    err += chunk.toString();
  });
  await new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      if (out.includes('Holdfast shop:')) resolve();
    });
    child.once('exit', (code) =>
      reject(new Error(`the shop ended with ${code} before it was ready: ${err}`)),
    );
  });
  return { child, output: () => out };
}

function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code));
    child.kill(signal);
  });
}
