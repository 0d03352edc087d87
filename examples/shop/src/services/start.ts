/** Starts one service inside this process: store, app, HTTP server on 127.0.0.1. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import { serviceApp } from './kit/app.ts';
import { chaosControl } from './kit/chaos.ts';
import { drawLatencyMs } from './kit/latency.ts';
import { mutations } from './kit/mutation.ts';
import { seededRandom } from './kit/random.ts';
import type { ServiceContext } from './kit/service.ts';
import { openStore } from './kit/store.ts';
import type { ServiceTelemetry } from './kit/telemetry.ts';
import { loadService, type ServiceName } from './registry.ts';

export interface ServiceOptions {
  readonly service: ServiceName;
  /** 0 takes a free port. */
  readonly port: number;
  /** Holds the service's file `<service>.sqlite`; made when absent. */
  readonly dataFolder: string;
  /** Seed of the catalogue, the latencies and chaos. */
  readonly seed: number;
  /** Factor on the simulated latencies, 0 to 100. Default 1; 0 answers at once. */
  readonly latencyScale?: number;
  /** Whether the service may be broken on purpose. Default false. */
  readonly chaos?: boolean;
  readonly telemetry: ServiceTelemetry;
  /** Epoch ms. Default the system's clock. */
  readonly now?: () => number;
  /** Ends the process at once, for `POST /chaos/crash`. Default SIGKILL to this process. */
  readonly crash?: () => void;
}

export interface RunningService {
  readonly port: number;
  readonly url: string;
  /** Stops listening, gives running requests 500 ms, closes the store. */
  close(): Promise<void>;
}

/** The address is taken. The message is the one line that a user sees. */
export class PortError extends Error {
  override readonly name = 'PortError';
  readonly code = 'HF_SHOP_PORT';
}

const GRACE_MS = 500;
/** Bound of open connections; more are refused by the operating system's reset. */
const MAX_CONNECTIONS = 2_000;

/** @throws PortError, StoreError: nothing is left open then. */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const {
    service,
    dataFolder,
    seed,
    latencyScale = 1,
    telemetry,
    now = Date.now,
    chaos: chaosEnabled = false,
    crash = () => process.kill(process.pid, 'SIGKILL'),
  } = options;
  const definition = await loadService(service);
  const { tier, schema, fill } = definition;
  const database = openStore(dataFolder, seed, { service, schema, fill });
  try {
    const random = seededRandom(seed, `latency:${service}`);
    const parts = {
      database,
      now,
      chaos: chaosControl(seed, service),
      latencyMs: (work) => drawLatencyMs(work, latencyScale, random),
      pause,
    } satisfies Omit<ServiceContext, 'mutate'>;
    const context: ServiceContext = { ...parts, mutate: mutations(database, parts) };
    const app = serviceApp({ service, tier, context, telemetry, chaosEnabled, crash });
    definition.routes(app, context);
    const server = createServer(getRequestListener(app.fetch));
    server.maxConnections = MAX_CONNECTIONS;
    const port = await listen(server, options.port);
    return {
      port,
      url: `http://127.0.0.1:${port}`,
      close: async () => {
        await close(server);
        database.close();
      },
    };
  } catch (error) {
    database.close();
    throw error;
  }
}

async function listen(server: Server, port: number): Promise<number> {
  server.listen(port, '127.0.0.1');
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason =
      error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
        ? 'is in use'
        : `cannot be used (${error})`;
    throw new PortError(
      `port ${port} on 127.0.0.1 ${reason}; end what listens there or choose another with --port`,
      { cause: error },
    );
  }
  const address = server.address();
  if (address === null || typeof address === 'string') throw new PortError('the server has no port');
  return address.port;
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const hard = setTimeout(() => server.closeAllConnections(), GRACE_MS);
  await closed;
  clearTimeout(hard);
}

async function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (ms <= 0 || signal?.aborted === true) return;
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (signal?.aborted !== true) throw error;
  });
}
