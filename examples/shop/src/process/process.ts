/**
 * What the api, engine and worker processes have in common: arguments, telemetry, saying that they
 * serve, ending with their supervisor, ending cleanly on SIGTERM.
 */
import { parseArgs } from 'node:util';
import { startTelemetry, type Telemetry } from '@holdfast/telemetry';

export interface ProcessArguments {
  readonly name: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly serviceUrls: ReadonlyMap<string, string>;
  readonly workerUrls: readonly string[];
  readonly engineUrl: string;
  readonly chaos: boolean;
  readonly seed: number;
}

export interface Started {
  /** Where it serves. */
  readonly port: number;
  close(): Promise<void>;
  /** Messages of the supervisor. */
  onMessage?(message: unknown): void;
}

/** Bound of a graceful end; then the process leaves anyway. */
const CLOSE_MS = 1_500;

/**
 * Runs one process of the shop. `start` opens its stores and its server; a failure there prints one line on stderr
 * and exits 1, so that the supervisor can say why.
 */
export async function runProcess(
  defaultName: string,
  start: (args: ProcessArguments, telemetry: Telemetry) => Promise<Started>,
): Promise<void> {
  const { args, traces, log } = parse(defaultName);
  const telemetry = startTelemetry({
    service: serviceOf(args.name),
    instance: args.name,
    traceFile: traces,
    logDestination: log === '' ? undefined : log,
  });
  let started: Started;
  try {
    started = await start(args, telemetry);
  } catch (error) {
    telemetry.log.fatal({ err: error }, 'could not start');
    process.stderr.write(`${args.name}: ${error instanceof Error ? error.message : String(error)}\n`);
    await telemetry[Symbol.asyncDispose]();
    process.exit(1);
  }
  let ending = false;
  const end = (code: number): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(code), CLOSE_MS).unref();
    void started
      .close()
      .then(() => telemetry[Symbol.asyncDispose]())
      .finally(() => process.exit(code));
  };
  process.on('SIGTERM', () => end(0));
  // A terminal's Ctrl-C reaches every process; under a supervisor, it decides the order of leaving.
  process.on('SIGINT', () => {
    if (process.send === undefined) end(0);
  });
  process.on('disconnect', () => end(0));
  process.on('message', (message) => started.onMessage?.(message));
  process.on('unhandledRejection', (error) => telemetry.log.error({ err: error }, 'unhandled rejection'));
  telemetry.log.info({ port: started.port }, 'ready');
  process.send?.({ kind: 'ready', port: started.port });
}

/** Workers are instances of one service; the service map shows them as one. */
function serviceOf(name: string): string {
  return name.startsWith('worker') ? 'worker' : name;
}

function parse(defaultName: string): { args: ProcessArguments; traces: string; log: string } {
  const { values } = parseArgs({
    options: {
      name: { type: 'string', default: defaultName },
      port: { type: 'string', default: '0' },
      data: { type: 'string', default: '.holdfast/shop' },
      traces: { type: 'string', default: '.holdfast/shop/traces.sqlite' },
      log: { type: 'string', default: '' },
      'service-url': { type: 'string', multiple: true, default: [] },
      'worker-url': { type: 'string', multiple: true, default: [] },
      'engine-url': { type: 'string', default: '' },
      chaos: { type: 'boolean', default: false },
      seed: { type: 'string', default: '1' },
    },
  });
  const serviceUrls = new Map(
    values['service-url'].map((pair) => {
      const cut = pair.indexOf('=');
      return [pair.slice(0, cut), pair.slice(cut + 1)] as const;
    }),
  );
  return {
    traces: values.traces,
    log: values.log,
    args: {
      ...{ name: values.name, port: Number(values.port), dataFolder: values.data, serviceUrls },
      ...{
        workerUrls: values['worker-url'],
        engineUrl: values['engine-url'],
        chaos: values.chaos,
        seed: Number(values.seed),
      },
    },
  };
}
