/** One service as a process: `node main.js --service payment --port 0 --data FOLDER --traces FILE`. See USAGE. */
import { startTelemetry } from '@holdfast/telemetry';
import { ArgumentError, serviceArguments, USAGE } from './arguments.ts';
import { StoreError } from './kit/store.ts';
import { PortError, startService } from './start.ts';

/** Bound of a graceful end, in ms; then the process leaves anyway, and its store recovers at the next start. */
const CLOSE_MS = 1_000;

async function main(): Promise<void> {
  const options = serviceArguments(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const { service, tracesFile, logFile } = options;
  const telemetry = startTelemetry({
    service,
    ...(tracesFile === undefined ? {} : { traceFile: tracesFile }),
    ...(logFile === undefined ? {} : { logDestination: logFile }),
  });
  const running = await startService({ ...options, telemetry });
  let ending = false;
  const end = (reason: string): void => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), CLOSE_MS).unref();
    telemetry.log.info({ reason }, 'ending');
    void running
      .close()
      .then(() => telemetry[Symbol.asyncDispose]())
      .finally(() => process.exit(0));
  };
  process.once('SIGTERM', () => end('SIGTERM'));
  // A terminal's Ctrl-C reaches every process; under a supervisor, it decides when to leave.
  process.on('SIGINT', () => {
    if (process.send === undefined) end('SIGINT');
  });
  process.once('disconnect', () => end('the supervisor has gone'));
  telemetry.log.info({ port: running.port, pid: process.pid }, 'ready');
  process.send?.({ kind: 'ready', port: running.port });
}

main().catch((error: unknown) => {
  const plain = error instanceof ArgumentError || error instanceof StoreError || error instanceof PortError;
  process.stderr.write(
    `${plain ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  process.exit(1);
});
