/** `npm start`: runs the reference shop until Ctrl-C and prints its address. */
import { spawn } from 'node:child_process';
import { Command, InvalidArgumentError } from 'commander';
import { isPlain } from './supervisor/errors.ts';
import { startShop } from './supervisor/shop.ts';

interface Options {
  readonly port: number;
  readonly data: string;
  readonly open: boolean;
  readonly chaos: boolean;
  readonly seed: number;
  readonly latencyScale: number;
}

const program = new Command('npm start --')
  .description(
    'Runs the Holdfast reference shop: eight services, a durable order saga, guarded calls, and a page that shows it.',
  )
  .option(
    '--port <number>',
    'port of the page and the API on 127.0.0.1; 0 takes a free one',
    integer(0, 65_535),
    4600,
  )
  .option('--data <folder>', 'folder for every store, trace and log', '.holdfast/shop')
  .option('--no-open', 'do not open the page in a browser')
  .option('--no-chaos', "refuse the page's chaos switches")
  .option('--seed <number>', 'seed of catalogue, customers and chance', integer(0, 2 ** 31 - 1), 1)
  .option('--latency-scale <factor>', "factor on the services' simulated latencies, 0 to 10", factor, 1)
  .action(run);

await program.parseAsync();

async function run(options: Options): Promise<void> {
  const begun = new AbortController();
  // Ctrl-C before everything runs must not leave half of it behind.
  const early = (): void => begun.abort();
  process.once('SIGINT', early);
  process.once('SIGTERM', early);
  try {
    const { data, port, chaos, seed, latencyScale } = options;
    const shop = await startShop({ dataFolder: data, port, chaos, seed, latencyScale });
    const end = once(async () => {
      await shop.close();
      process.exit(0);
    });
    process.on('SIGINT', end);
    process.on('SIGTERM', end);
    process.on('SIGHUP', end);
    // Started by a script that was killed: nobody is left who could press Ctrl-C.
    process.on('disconnect', end);
    if (begun.signal.aborted) end();
    else {
      process.stdout.write(`Holdfast shop: ${shop.url}/ (Ctrl-C ends it)\n`);
      if (options.open) openPage(shop.url);
    }
  } catch (error) {
    if (!isPlain(error)) throw error;
    process.stderr.write(`holdfast shop: ${error.message}\n`);
    process.exit(1);
  }
}

function integer(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`must be a whole number from ${min} to ${max}.`);
  };
}

function factor(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && value <= 10) return value;
  throw new InvalidArgumentError('must be a number from 0 to 10.');
}

function once(work: () => Promise<void>): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    void work();
  };
}

/** Only where somebody can see it; a machine without a screen is left alone. */
function openPage(url: string): void {
  if (!process.stdout.isTTY) return;
  if (
    process.platform === 'linux' &&
    process.env['DISPLAY'] === undefined &&
    process.env['WAYLAND_DISPLAY'] === undefined
  )
    return;
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['cmd', '/c', 'start', url]
        : ['xdg-open', url];
  if (command === undefined) return;
  spawn(command, args, { stdio: 'ignore', detached: true })
    // No browser to open: the address is on the screen.
    .on('error', () => {})
    .unref();
}
