/** The command line of a service process. */
import { parseArgs } from 'node:util';
import { isServiceName, SERVICE_NAMES, type ServiceName } from './registry.ts';

export const USAGE = `Runs one service of the reference shop on 127.0.0.1.

  --service NAME        ${SERVICE_NAMES.join(', ')}
  --port N              0 to 65535; 0 takes a free port (default 0)
  --data FOLDER         holds NAME.sqlite; made when absent
  --traces FILE         SQLite file for spans (default: spans are not stored)
  --log FILE            JSON log lines (default: standard error)
  --seed N              of catalogue, latencies and chaos, 0 to 4294967295 (default 1)
  --latency-scale X     factor on the simulated latencies, 0 to 100 (default 1)
  --chaos               lets PUT /chaos break the service on purpose
`;

/** The message is the one line that a user sees. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
  readonly code = 'HF_SHOP_ARGUMENT';
}

export interface ServiceArguments {
  readonly service: ServiceName;
  readonly port: number;
  readonly dataFolder: string;
  readonly tracesFile: string | undefined;
  readonly logFile: string | undefined;
  readonly seed: number;
  readonly latencyScale: number;
  readonly chaos: boolean;
}

/** @throws ArgumentError naming the option, its bound and the value. */
export function serviceArguments(args: readonly string[]): ServiceArguments | 'help' {
  const values = parse(args);
  if (values.help) return 'help';
  const { service = '', data } = values;
  if (!isServiceName(service)) {
    throw new ArgumentError(`--service must be one of ${SERVICE_NAMES.join(', ')}, but is "${service}"`);
  }
  if (data === undefined)
    throw new ArgumentError('--data FOLDER is missing: where the service keeps its store');
  return {
    service,
    dataFolder: data,
    tracesFile: values.traces,
    logFile: values.log,
    chaos: values.chaos,
    port: numberIn('--port', values.port, 65_535, true),
    seed: numberIn('--seed', values.seed, 4_294_967_295, true),
    latencyScale: numberIn('--latency-scale', values['latency-scale'], 100, false),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        service: { type: 'string' },
        port: { type: 'string', default: '0' },
        data: { type: 'string' },
        traces: { type: 'string' },
        log: { type: 'string' },
        seed: { type: 'string', default: '1' },
        'latency-scale': { type: 'string', default: '1' },
        chaos: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }).values;
  } catch (error) {
    throw new ArgumentError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function numberIn(option: string, text: string, max: number, whole: boolean): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (value >= 0 && value <= max && (!whole || Number.isInteger(value))) return value;
  throw new ArgumentError(
    `${option} must be a ${whole ? 'whole ' : ''}number from 0 to ${max}, but is "${text}"`,
  );
}
