/** The api process: the shop's front door, its order book, its page. */
import { join } from 'node:path';
import type { ProcessView, SearchAnswer } from '@holdfast/dashboard/contract';
import { sqliteStateStore } from '@holdfast/embedded';
import { openTraceStore } from '@holdfast/telemetry';
import { guards } from '../guarded/guards.ts';
import { serviceClient } from '../guarded/http.ts';
import { runProcess } from '../process/process.ts';
import { serveApp } from '../process/serve.ts';
import { readSaga } from '../saga/definition.ts';
import { sagaGraph } from '../saga/graph.ts';
import { shopApp } from './app.ts';
import { chaos } from './chaos.ts';
import { liveHub } from './live/hub.ts';
import { load } from './load.ts';
import { catalogue } from './orders/catalogue.ts';
import { sagaClient } from './orders/engine-client.ts';
import { followFeed } from './orders/feed.ts';
import { pause, runOutbox } from './orders/outbox.ts';
import { kindsOf } from './orders/projection.ts';
import { openOrderStore } from './orders/store.ts';
import { type Status, status } from './status.ts';
import { workers } from './workers.ts';

const STATUS_INTERVAL_MS = 1_000;
const MAP_EVERY = 2;
const MAP_WINDOW_MS = 60_000;
const MAX_SEARCHES = 20;
const VERSION = '0.1.0';

await runProcess('api', async (args, telemetry) => {
  const store = openOrderStore(join(args.dataFolder, 'api.sqlite'));
  const breakers = sqliteStateStore({ path: join(args.dataFolder, 'breakers.sqlite') });
  const traces = openTraceStore(join(args.dataFolder, 'traces.sqlite'));
  const guarded = guards({ worker: args.name, dependencies: ['products'], store: breakers, telemetry });
  const client = serviceClient(args.serviceUrls, guarded, telemetry);
  const offers = catalogue(client, args.seed);
  const saga = sagaClient(args.engineUrl);
  const { machine } = readSaga();
  const hub = liveHub();
  const asked = workers(args.workerUrls);
  const searches: SearchAnswer[] = [];
  const stopping = new AbortController();
  const choices = async () => ({ customers: offers.customers(), products: await offers.popular(50) });
  let port = args.port;
  const running = load(() => `http://127.0.0.1:${port}`, choices);
  const seen: Status = status({
    workers: asked,
    guarded,
    store,
    traces,
    load: () => running,
    chaosEnabled: args.chaos,
  });
  const app = shopApp({
    ...{
      port: () => port,
      store,
      telemetry,
      traces,
      machine,
      workers: asked,
      hub,
      status: seen,
      choices,
      version: VERSION,
    },
    ...{ catalogue: offers, saga, load: running, chaos: chaos(args.serviceUrls, args.chaos) },
    onAccepted: (order) => hub.publish('order', order),
    recentSearches: () => searches,
    onSearch: (answer) => {
      searches.unshift(answer);
      searches.splice(MAX_SEARCHES);
      hub.publish('search', answer);
    },
  });
  const server = await serveApp(app, args.port);
  port = server.port;

  const background = [
    begin(async () => {
      await installed(saga, stopping.signal);
      await runOutbox(store, saga, telemetry, stopping.signal);
    }),
    begin(() =>
      followFeed({
        ...{
          engineUrl: args.engineUrl,
          store,
          kinds: kindsOf(sagaGraph(machine)),
          telemetry,
          signal: stopping.signal,
        },
        onChange: (order) => hub.publish('order', order),
      }),
    ),
    begin(async () => {
      for (let beat = 0; !stopping.signal.aborted; beat += 1) {
        await pause(STATUS_INTERVAL_MS, stopping.signal);
        if (hub.pages === 0) continue;
        try {
          hub.publish('status', await seen.now());
          if (beat % MAP_EVERY === 0) hub.publish('map', seen.map(MAP_WINDOW_MS));
        } catch (error) {
          // An instrument that cannot be read must not end the front door.
          telemetry.log.warn({ err: error }, 'the page gets no status now; trying again');
        }
      }
    }),
  ];
  /** A background job that fails is a fault to see in the log, and ends the process, so that it is started afresh. */
  function begin(work: () => Promise<void>): Promise<void> {
    return work().catch((error: unknown) => {
      telemetry.log.fatal({ err: error }, 'a background job of the api failed');
      process.exitCode = 1;
      process.kill(process.pid, 'SIGTERM');
    });
  }
  return {
    port,
    onMessage: (message) => {
      if (isProcesses(message)) seen.processes(message.processes);
    },
    close: async () => {
      stopping.abort();
      running.stop();
      hub.close();
      await server.close();
      await Promise.all(background);
      await guarded[Symbol.asyncDispose]();
      for (const each of [store, breakers, traces]) each[Symbol.dispose]();
      saga.close();
    },
  };
});

/** The engine starts at the same time as the api; until it serves, orders wait in the outbox. */
async function installed(saga: ReturnType<typeof sagaClient>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      await saga.install();
      return;
    } catch (error) {
      // A definition that the engine refuses will not get better by waiting.
      if (error instanceof Error && error.name === 'InvalidDefinition') throw error;
      await pause(100, signal);
    }
  }
}

function isProcesses(message: unknown): message is { processes: readonly ProcessView[] } {
  return typeof message === 'object' && message !== null && 'kind' in message && message.kind === 'processes';
}
