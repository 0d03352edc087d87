/**
 * A worker: runs the saga's steps (as the Lambda Invoke API) and the searches, every call guarded.
 * Several run side by side and share the breakers' state through one SQLite file.
 */
import { join } from 'node:path';
import { sqliteStateStore } from '@holdfast/embedded';
import { guards } from '../guarded/guards.ts';
import { serviceClient } from '../guarded/http.ts';
import { runProcess } from '../process/process.ts';
import { SERVICES } from '../supervisor/topology.ts';
import { stepFunctions } from './functions.ts';
import { serveWorker } from './server.ts';

await runProcess('worker', async (args, telemetry) => {
  const store = sqliteStateStore({ path: join(args.dataFolder, 'breakers.sqlite') });
  const dependencies = SERVICES.map(({ name }) => name);
  const guarded = guards({ worker: args.name, dependencies, store, telemetry });
  const client = serviceClient(args.serviceUrls, guarded, telemetry);
  const server = await serveWorker({ args, telemetry, client, guarded, functions: stepFunctions(client) });
  return {
    port: server.port,
    close: async () => {
      await server.close();
      await guarded[Symbol.asyncDispose]();
      store[Symbol.dispose]();
    },
  };
});
