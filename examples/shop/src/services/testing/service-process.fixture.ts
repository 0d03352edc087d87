/** One service as the process it is in the shop, run from its sources. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

export interface ServiceProcess {
  readonly pid: number;
  readonly port: number;
  readonly url: string;
  /** Closes the channel to the supervisor, as the end of a supervisor would. */
  disconnect(): void;
  /** Sends the signal and waits for the end. */
  end(signal: NodeJS.Signals): Promise<Ended>;
  /** Waits for an end of its own. */
  ended(): Promise<Ended>;
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Resolves when it serves. @throws Error with what it printed when it ends before. */
export async function serviceProcess(args: readonly string[]): Promise<ServiceProcess> {
  const { child, ended, end } = launch(args);
  const early = ended.then(({ code, stderr }) =>
    Promise.reject(new Error(`ended with ${code} before it was ready: ${stderr}`)),
  );
  const [message] = await Promise.race([once(child, 'message'), early]);
  const port = Number(message.port);
  const disconnect = (): void => child.disconnect();
  return { pid: child.pid ?? 0, port, url: `http://127.0.0.1:${port}`, disconnect, end, ended: () => ended };
}

/** Runs it to its end, for command lines that do not start a service. */
export async function serviceRun(args: readonly string[]): Promise<Ended> {
  return await launch(args).ended;
}

/** Starts it and sends SIGKILL once `moment` resolves, ready or not. */
export async function serviceKilledAt(args: readonly string[], moment: () => Promise<void>): Promise<Ended> {
  const { end } = launch(args);
  await moment();
  return await end('SIGKILL');
}

interface Launched {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  end(signal: NodeJS.Signals): Promise<Ended>;
}

function launch(args: readonly string[]): Launched {
  const execArgv = ['--conditions=holdfast-source', '--disable-warning=ExperimentalWarning'];
  const child = fork(MAIN, [...args], { silent: true, execArgv });
  const output = Promise.all([collected(child.stdout), collected(child.stderr)]);
  // Not `close`: it does not come for a child whose channel this side has closed.
  const ended = new Promise<Ended>((resolve) => {
    child.once('exit', (code, signal) => {
      void output.then(([stdout, stderr]) => resolve({ code, signal, stdout, stderr }));
    });
  });
  const end = (signal: NodeJS.Signals): Promise<Ended> => {
    child.kill(signal);
    return ended;
  };
  return { child, ended, end };
}

async function collected(stream: Readable | null): Promise<string> {
  return stream === null ? '' : await text(stream);
}
