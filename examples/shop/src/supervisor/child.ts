/**
 * One supervised process: started, watched, restarted with growing delays when it ends by itself.
 * It says `{kind:'ready'}` over IPC once it serves, and ends itself when the IPC channel closes, so
 * that a supervisor killed with -9 leaves nothing behind.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { ProcessFailedError } from './errors.ts';
import type { ProcessSpec } from './topology.ts';

const FIRST_RESTART_MS = 150;
const MAX_RESTART_MS = 5_000;
/** Alive for this long, a process has earned a fresh start of its restart delays. */
const STABLE_MS = 10_000;

export interface Child {
  readonly spec: ProcessSpec;
  readonly up: boolean;
  readonly pid: number | undefined;
  readonly restarts: number;
  /** Resolves when it serves; rejects when it ended `attempts` times before it ever did. */
  ready(): Promise<void>;
  send(message: object): void;
  /** SIGKILL; resolves when the process is gone. It is then restarted like after any crash. */
  kill(): Promise<void>;
  /** SIGTERM, then SIGKILL after `graceMs`; never restarted again. */
  stop(graceMs: number): Promise<void>;
}

export interface ChildOptions {
  readonly outputFile: string;
  readonly onChange: () => void;
  readonly onMessage?: (message: unknown) => void;
  readonly env: NodeJS.ProcessEnv;
}

interface State {
  process: ChildProcess | undefined;
  up: boolean;
  everUp: boolean;
  failedStarts: number;
  restarts: number;
  stopping: boolean;
  timer: NodeJS.Timeout | undefined;
  waiting: { resolve: () => void; reject: (error: Error) => void }[];
}

const MAX_FAILED_STARTS = 5;

export function startChild(spec: ProcessSpec, options: ChildOptions): Child {
  const state: State = {
    process: undefined,
    up: false,
    everUp: false,
    failedStarts: 0,
    restarts: 0,
    stopping: false,
    timer: undefined,
    waiting: [],
  };
  launch(spec, options, state);
  return {
    spec,
    get up(): boolean {
      return state.up;
    },
    get pid(): number | undefined {
      return state.process?.pid;
    },
    get restarts(): number {
      return state.restarts;
    },
    ready: () =>
      state.up
        ? Promise.resolve()
        : new Promise((resolve, reject) => state.waiting.push({ resolve, reject })),
    send: (message) => {
      if (state.process?.connected === true) state.process.send(message, () => {});
    },
    kill: () => end(state.process, 'SIGKILL'),
    stop: async (graceMs) => {
      state.stopping = true;
      clearTimeout(state.timer);
      const running = state.process;
      const hard = setTimeout(() => running?.kill('SIGKILL'), graceMs);
      await end(running, 'SIGTERM');
      clearTimeout(hard);
    },
  };
}

function end(running: ChildProcess | undefined, signal: NodeJS.Signals): Promise<void> {
  if (running === undefined || running.exitCode !== null || running.signalCode !== null)
    return Promise.resolve();
  return new Promise((resolve) => {
    running.once('exit', () => resolve());
    running.kill(signal);
  });
}

function launch(spec: ProcessSpec, options: ChildOptions, state: State): void {
  const output = openSync(options.outputFile, 'a');
  const startedAt = performance.now();
  const running = fork(spec.module, [...spec.args], {
    stdio: ['ignore', output, output, 'ipc'],
    env: options.env,
    execArgv: [],
  });
  closeSync(output);
  state.process = running;
  running.on('message', (message: unknown) => {
    if (isReady(message)) {
      state.up = true;
      state.everUp = true;
      for (const waiter of state.waiting.splice(0)) waiter.resolve();
      options.onChange();
    } else options.onMessage?.(message);
  });
  let over = false;
  // A send to a dying process is told here, too; that one then exits. A fork that failed never does.
  running.on('error', () => {
    if (running.pid === undefined) ended();
  });
  running.once('exit', () => ended());
  const ended = (): void => {
    if (over) return;
    over = true;
    state.up = false;
    if (state.stopping) return;
    const livedMs = performance.now() - startedAt;
    if (livedMs > STABLE_MS) state.failedStarts = 0;
    state.failedStarts += 1;
    if (!state.everUp && state.failedStarts >= MAX_FAILED_STARTS) {
      const error = new ProcessFailedError(
        `${spec.name} ended ${state.failedStarts} times before it was ready: ${lastLine(options.outputFile)}`,
      );
      for (const waiter of state.waiting.splice(0)) waiter.reject(error);
    }
    state.restarts += 1;
    options.onChange();
    const delay = Math.min(MAX_RESTART_MS, FIRST_RESTART_MS * 2 ** (state.failedStarts - 1));
    state.timer = setTimeout(() => launch(spec, options, state), delay);
  };
}

function isReady(message: unknown): boolean {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'ready';
}

function lastLine(file: string): string {
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  return lines.at(-1) || `it printed nothing; see ${file}`;
}
