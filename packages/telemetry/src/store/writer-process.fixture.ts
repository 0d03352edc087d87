// A process of its own that records spans through the whole of telemetry; started by many-processes.test.ts.
// Arguments: trace file, service, number of spans. Says `flushed` when they are stored, then waits to be ended.
import { startTelemetry } from '../index.ts';

const [traceFile = '', service = '', count = '0'] = process.argv.slice(2);
const telemetry = startTelemetry({ service, traceFile, logLevel: 'silent' });
for (let number = 0; number < Number(count); number += 1) {
  await telemetry.serve(`request ${number}`, { 'x-correlation-id': service }, {}, async () => {});
  if (number % 100 === 99) await telemetry.flush();
}
await telemetry.flush();
process.on('message', async () => {
  await telemetry[Symbol.asyncDispose]();
  process.disconnect();
});
process.send?.({ flushed: true, dropped: telemetry.droppedSpans() });
