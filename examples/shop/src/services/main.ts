/** One service as a process: `node main.js --service payment --port 0 --data FOLDER --traces FILE`. See USAGE. */
import { startTelemetry } from '@holdfast/telemetry';
import { serviceArguments, USAGE } from './arguments.ts';
import { startService } from './start.ts';

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
  telemetry.log.info({ port: running.port }, 'ready');
  process.send?.({ kind: 'ready', port: running.port });
}

main().catch((error: unknown) => {
  process.stderr.write(`${explained(error)}\n`);
  process.exit(1);
});

/** What is wrong with arguments, folders, files and ports fits one line; a stack is for bugs. */
function explained(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isKnown = 'code' in error && typeof error.code === 'string' && error.code.startsWith('HF_');
  return isKnown ? error.message : (error.stack ?? error.message);
}
