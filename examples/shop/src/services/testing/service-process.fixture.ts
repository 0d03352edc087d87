/** One service as the process it is in the shop, run from its sources. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
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
  readonly stderr: string;
}

/** Resolves when it serves. @throws Error with what it printed when it ends before. */
export async function serviceProcess(args: readonly string[]): Promise<ServiceProcess> {
  const { child, ended } = launch(args);
  const ready = await Promise.race([
    once(child, 'message'),
    ended.then(({ code, stderr }) =>
      Promise.reject(new Error(`ended with ${code} before it was ready: ${stderr}`)),
    ),
  ]);
  const [message] = ready;
  const port = Number(message.port);
  return {
    ...{ pid: child.pid ?? 0, port, url: `http://127.0.0.1:${port}`, ended: () => ended },
    disconnect: () => child.disconnect(),
    end: (signal) => {
      child.kill(signal);
      return ended;
    },
  };
}

/** Runs it to its end, for command lines that do not start a service. */
export async function serviceRun(args: readonly string[]): Promise<Ended & { readonly stdout: string }> {
  const { child, ended } = launch(args);
  let stdout = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  return { ...(await ended), stdout };
}

function launch(args: readonly string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
  const child = fork(MAIN, [...args], {
    silent: true,
    execArgv: ['--conditions=holdfast-source', '--disable-warning=ExperimentalWarning'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) => resolve({ code, signal, stderr })),
  );
  return { child, ended };
}
