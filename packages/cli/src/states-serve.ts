/** `holdfast states serve`: opens the engine on a folder and serves it until a signal comes. */
import { join } from 'node:path';
import {
  type Engine,
  type LogRecord,
  lambdaInvoker,
  openEngine,
  type StatesServer,
  serveStates,
} from '@holdfast/states';
import { type Logger, pino } from 'pino';
import { fail } from './fail.ts';
import { makeFolder } from './make-folder.ts';

export interface ServeOptions {
  readonly data: string;
  readonly lambdaEndpoint: readonly string[];
  readonly port: number;
  readonly host: string;
  readonly region: string;
  readonly account: string;
  readonly maxConcurrentTasks: number;
  readonly logLevel: string;
}

/** Name of the data file inside `--data`. */
const DATA_FILE = 'states.sqlite';

/** Prints one line with the address when it is ready. SIGTERM and SIGINT end it; what runs goes on at the next start. */
export async function serve(options: ServeOptions): Promise<void> {
  const logger = pino(
    { level: options.logLevel, base: { name: 'holdfast-states' } },
    pino.destination({ fd: 2, sync: true }),
  );
  const engine = await open(options, logger);
  const server = await listen(options, engine, logger);
  process.stdout.write(
    `holdfast states: serving the Step Functions API on ${server.url}, data in ${options.data}\n`,
  );
  await signalled();
  await server.close();
  await engine[Symbol.asyncDispose]();
}

async function open(options: ServeOptions, logger: Logger): Promise<Engine> {
  try {
    makeFolder(options.data);
    return openEngine({
      path: join(options.data, DATA_FILE),
      invoke: lambdaInvoker({ endpoints: options.lambdaEndpoint }),
      region: options.region,
      account: options.account,
      maxConcurrentTasks: options.maxConcurrentTasks,
      onLog: (record) => log(logger, record),
    });
  } catch (error) {
    return fail('cannot start', error);
  }
}

function log(logger: Logger, { level, message, error, ...facts }: LogRecord): void {
  logger[level](error === undefined ? facts : { ...facts, err: error }, message);
}

async function listen({ host, port }: ServeOptions, engine: Engine, logger: Logger): Promise<StatesServer> {
  try {
    return await serveStates({
      engine,
      host,
      port,
      onError: (err) => logger.error({ err }, 'a request failed'),
    });
  } catch (error) {
    const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
    return inUse
      ? fail(`port ${port} is in use; choose another with --port`)
      : fail(`cannot listen on ${host}:${port}`, error);
  }
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
}
