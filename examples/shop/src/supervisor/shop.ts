/**
 * Starts the whole shop and keeps it standing: claims the data folder and the port, starts every
 * process at once, restarts whatever ends, tells the api process who is up, ends all on close.
 */
import { resolve } from 'node:path';
import type { ProcessView } from '@holdfast/dashboard/contract';
import { type Child, startChild } from './child.ts';
import { claimDataFolder } from './data-folder.ts';
import { boundLogs } from './log-files.ts';
import { claimPort, freePorts } from './ports.ts';
import { portsNeeded, topology } from './topology.ts';

export interface ShopOptions {
  /** Folder for every store, trace and log. Made when absent. */
  readonly dataFolder: string;
  /** Port of the page and the API; 0 takes a free one. */
  readonly port: number;
  /** Lets the page break services on purpose. */
  readonly chaos: boolean;
  /** Seed of catalogue, customers and chance. Default 1. */
  readonly seed?: number;
  /** Factor on the services' simulated latencies. Default 1. */
  readonly latencyScale?: number;
  /** Worker processes that share the breakers. Default 2, 1 to 8. */
  readonly workers?: number;
}

export interface Shop extends AsyncDisposable {
  readonly url: string;
  readonly dataFolder: string;
  readonly names: readonly string[];
  urlOf(name: string): string;
  processes(): readonly ProcessView[];
  /** SIGKILL to one process; resolves when it is gone. The supervisor then restarts it. */
  kill(name: string): Promise<void>;
  /** Resolves when the named process serves. */
  ready(name: string): Promise<void>;
  close(): Promise<void>;
}

/** Long enough for the processes of a shop that was just killed to notice and leave. */
const PATIENCE_MS = 3_000;
const GRACE_MS = 2_000;

/** @throws PortInUseError, DataFolderError, ProcessFailedError: nothing is left running then. */
export async function startShop(options: ShopOptions): Promise<Shop> {
  const { chaos, seed = 1, latencyScale = 1, workers = 2 } = options;
  const folder = claimDataFolder(resolve(options.dataFolder), PATIENCE_MS);
  const children = new Map<string, Child>();
  const logs = boundLogs(folder.logs);
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => {
    closing ??= closeAll();
    return closing;
  };
  const closeAll = async (): Promise<void> => {
    await Promise.all([...children.values()].map((child) => child.stop(GRACE_MS)));
    logs[Symbol.dispose]();
    folder[Symbol.dispose]();
  };
  try {
    const port = await claimPort(options.port, PATIENCE_MS);
    const ports = await freePorts(portsNeeded(workers), port);
    const specs = topology({
      ...{ dataFolder: folder.path, tracesFile: folder.traces, logsFolder: folder.logs },
      ...{ port, ports, workers, chaos, seed, latencyScale },
    });
    const processes = (): readonly ProcessView[] => specs.map((spec) => view(spec, children.get(spec.name)));
    const tell = (): void => children.get('api')?.send({ kind: 'processes', processes: processes() });
    for (const spec of specs) {
      const outputFile = `${folder.logs}/${spec.name}.out`;
      children.set(spec.name, startChild(spec, { outputFile, onChange: tell, env: process.env }));
    }
    const child = (name: string): Child => {
      const found = children.get(name);
      if (found === undefined)
        throw new RangeError(`the shop has no process "${name}"; it has ${[...children.keys()].join(', ')}`);
      return found;
    };
    await Promise.all([...children.values()].map((each) => each.ready()));
    return {
      url: `http://127.0.0.1:${port}`,
      dataFolder: folder.path,
      names: specs.map((spec) => spec.name),
      urlOf: (name) => `http://127.0.0.1:${child(name).spec.port}`,
      processes,
      kill: (name) => child(name).kill(),
      ready: (name) => child(name).ready(),
      close,
      [Symbol.asyncDispose]: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function view(
  spec: { name: string; role: ProcessView['role']; tier?: ProcessView['tier'] },
  child: Child | undefined,
): ProcessView {
  return {
    ...{ name: spec.name, role: spec.role, up: child?.up ?? false, restarts: child?.restarts ?? 0 },
    ...(spec.tier === undefined ? {} : { tier: spec.tier }),
    ...(child?.pid === undefined ? {} : { pid: child.pid }),
  };
}
