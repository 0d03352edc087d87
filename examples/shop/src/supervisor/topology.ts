/** Which processes the shop is made of, and with which arguments each is started. */
import { fileURLToPath } from 'node:url';
import type { ProcessView, Tier } from '@holdfast/dashboard/contract';

/** The services, by the tier that decides which bulkhead their calls share. */
export const SERVICES = [
  { name: 'payment', tier: 'critical' },
  { name: 'inventory', tier: 'critical' },
  { name: 'shipping', tier: 'critical' },
  { name: 'products', tier: 'standard' },
  { name: 'history', tier: 'standard' },
  { name: 'recommendations', tier: 'non-critical' },
  { name: 'analytics', tier: 'non-critical' },
  { name: 'partner', tier: 'non-critical' },
] as const satisfies readonly { name: string; tier: Tier }[];

export type ServiceName = (typeof SERVICES)[number]['name'];

export interface ProcessSpec {
  readonly name: string;
  readonly role: ProcessView['role'];
  readonly tier?: Tier;
  readonly port: number;
  readonly module: string;
  readonly args: readonly string[];
}

export interface TopologyOptions {
  readonly dataFolder: string;
  readonly tracesFile: string;
  readonly logsFolder: string;
  readonly port: number;
  /** One for each service, the engine and each worker. */
  readonly ports: readonly number[];
  readonly workers: number;
  readonly chaos: boolean;
  readonly seed: number;
  readonly latencyScale: number;
}

/** How many ports besides the page's own the shop needs. */
export function portsNeeded(workers: number): number {
  return SERVICES.length + 1 + workers;
}

const local = (port: number): string => `http://127.0.0.1:${port}`;
const moduleAt = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** Pure: the whole shop as a list, in no particular order, since all start at once. */
export function topology(options: TopologyOptions): readonly ProcessSpec[] {
  const ports = [...options.ports];
  const take = (): number => ports.shift() ?? 0;
  const common = (name: string, port: number): string[] => [
    ...['--port', String(port), '--data', options.dataFolder, '--traces', options.tracesFile],
    ...['--log', `${options.logsFolder}/${name}.log`],
  ];
  const services = SERVICES.map(({ name, tier }): ProcessSpec => {
    const port = take();
    const args = ['--service', name, ...common(name, port), '--seed', String(options.seed)];
    args.push('--latency-scale', String(options.latencyScale), ...(options.chaos ? ['--chaos'] : []));
    return { name, role: 'service', tier, port, module: moduleAt('../services/main.js'), args };
  });
  const enginePort = take();
  const workerPorts = Array.from({ length: options.workers }, take);
  const serviceUrls = services.flatMap(({ name, port }) => ['--service-url', `${name}=${local(port)}`]);
  const workerUrls = workerPorts.flatMap((port) => ['--worker-url', local(port)]);
  const workers = workerPorts.map((port, index): ProcessSpec => {
    const name = `worker-${index + 1}`;
    const args = [...common(name, port), '--name', name, ...serviceUrls];
    return { name, role: 'worker', port, module: moduleAt('../worker/main.js'), args };
  });
  const engine: ProcessSpec = {
    name: 'engine',
    role: 'engine',
    port: enginePort,
    module: moduleAt('../engine/main.js'),
    args: [...common('engine', enginePort), ...workerUrls],
  };
  const api: ProcessSpec = {
    name: 'api',
    role: 'api',
    port: options.port,
    module: moduleAt('../api/main.js'),
    args: [
      ...[...common('api', options.port), ...serviceUrls, ...workerUrls, '--engine-url', local(enginePort)],
      ...['--seed', String(options.seed)],
      ...(options.chaos ? ['--chaos'] : []),
    ],
  };
  return [...services, engine, ...workers, api];
}
