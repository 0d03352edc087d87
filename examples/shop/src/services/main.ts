/** One service as a process: `node main.js --service payment --port 0 --data FOLDER --traces FILE`. See USAGE. */
import { startTelemetry, type Telemetry } from '@holdfast/telemetry';
import { serviceArguments, USAGE } from './arguments.ts';
import { type RunningService, startService } from './start.ts';

/** Bound of a graceful end, in ms; then the process leaves anyway, and its store recovers at the next start. */
const CLOSE_MS = 1_000;

async function main(): Promise<void> {
  const options = serviceArguments(process.argv.slice(2));
  if (options === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  // Listened to from the start: a supervisor may be gone before this process serves.
  process.once('disconnect', leave);
  const { service, tracesFile, logFile } = options;
  const telemetry = startTelemetry({ service, traceFile: tracesFile, logDestination: logFile });
  const running = await startService({ ...options, telemetry });
  endOnRequest(running, telemetry);
  telemetry.log.info({ port: running.port }, 'ready');
  if (process.connected) process.send?.({ kind: 'ready', port: running.port });
}

function leave(): void {
  process.exit(0);
}

function endOnRequest(running: RunningService, telemetry: Telemetry): void {
  let ending = false;
  const end = async (reason: string): Promise<void> => {
    if (ending) return;
    ending = true;
    setTimeout(() => process.exit(0), CLOSE_MS).unref();
    telemetry.log.info({ reason }, 'ending');
    try {
      await running.close();
    } catch (error) {
      telemetry.log.error({ err: error }, 'could not close');
    }
    await telemetry[Symbol.asyncDispose]();
    process.exit(0);
  };
  process.once('SIGTERM', () => void end('SIGTERM'));
  // A terminal's Ctrl-C reaches every process; under a supervisor, it decides when to leave.
  process.on('SIGINT', () => {
    if (process.send === undefined) void end('SIGINT');
  });
  process.off('disconnect', leave);
  process.once('disconnect', () => void end('the supervisor has gone'));
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
