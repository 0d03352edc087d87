/** The engine process: `@holdfast/states` on its own SQLite file, its executions and tasks recorded as spans. */
import { join } from 'node:path';
import { lambdaInvoker, openEngine, serveStates } from '@holdfast/states';
import { runProcess } from '../process/process.ts';
import { engineSpans } from './spans.ts';

/** Steps that went wrong. The engine logs executions by itself, and every event is in its history. */
const NOTEWORTHY = /^(?!Execution).*(Failed|TimedOut|Aborted)$/;

await runProcess('engine', async (args, telemetry) => {
  const spans = engineSpans(telemetry);
  const engine = openEngine({
    path: join(args.dataFolder, 'engine.sqlite'),
    invoke: spans.traced(lambdaInvoker({ endpoints: args.workerUrls })),
    onTask: spans.onTask,
    onEvent: (record) => {
      spans.onEvent(record);
      const { executionName, correlationId, traceparent, event } = record;
      const level = NOTEWORTHY.test(event.type) ? 'info' : 'debug';
      telemetry.log[level](
        { orderId: executionName, correlationId, traceparent, event: event.type, eventId: event.id },
        'saga event',
      );
    },
    onLog: ({ level, message, error, ...facts }) =>
      telemetry.log[level](error === undefined ? facts : { ...facts, err: error }, message),
  });
  const server = await serveStates({
    engine,
    port: args.port,
    onError: (error) => telemetry.log.error({ err: error }, 'a request failed'),
  });
  return {
    port: server.port,
    close: async () => {
      await server.close();
      await engine[Symbol.asyncDispose]();
    },
  };
});
