/**
 * The stock AWS SDK in a process of its own. Under the test runner's `module` condition its packages resolve to ES
 * modules without file extensions, which Node refuses; a plain Node process has no such trouble.
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Json } from '../json/json.ts';

/** What the SDK threw. */
export class SdkError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

export interface Sdk extends AsyncDisposable {
  /** Calls the method `operation` of a client for `endpoint`. Dates come as ISO text. Rejects with {@link SdkError}. */
  send(endpoint: string, operation: string, input: object): Promise<Answer>;
}

export type Answer = { readonly [member: string]: Json };

interface Waiting {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

export function sdkProcess(): Sdk {
  const script = fileURLToPath(new URL('./sdk-process.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [script], { stdio: ['pipe', 'pipe', 'inherit'] });
  const waiting = new Map<number, Waiting>();
  let last = 0;
  createInterface(child.stdout).on('line', (line) => {
    const { id, result, error }: { id: number; result: Answer; error?: { name: string; message: string } } =
      JSON.parse(line);
    const entry = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) entry?.resolve(result);
    else entry?.reject(new SdkError(error.name, error.message));
  });
  return {
    send: (endpoint, operation, input) => {
      last += 1;
      const id = last;
      return new Promise((resolve, reject) => {
        waiting.set(id, { resolve, reject });
        child.stdin.write(`${JSON.stringify({ id, endpoint, operation, input })}\n`);
      });
    },
    [Symbol.asyncDispose]: async () => {
      child.stdin.end();
      await new Promise((resolve) => child.once('exit', resolve));
    },
  };
}
