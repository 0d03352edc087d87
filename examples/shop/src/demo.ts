/** `npm run demo`: the story as a script. With --json, standard output holds exactly one JSON object. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { nothingLost, runDemo } from './demo/demo.ts';

const program = new Command('npm run demo --')
  .description(
    'Starts the shop, places orders while processes die, runs searches while a source hangs, and checks the books.',
  )
  .option('--json', 'print one JSON object on standard output')
  .option('--seed <number>', 'seed of everything random', count(2 ** 31 - 1), 1)
  .option('--orders <number>', 'orders to place', count(100_000), 200)
  .option('--kills <number>', 'processes to kill on the way: a worker, a service, and on', count(1_000), 2)
  .option('--searches <number>', 'searches to run', count(100_000), 200)
  .parse();

const { json, seed, orders, kills, searches } = program.opts<{
  json?: true;
  seed: number;
  orders: number;
  kills: number;
  searches: number;
}>();
const dataFolder = mkdtempSync(join(tmpdir(), 'holdfast-demo-'));
const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const result = await runDemo({ seed, orders, kills, searches, dataFolder, say });
const good = nothingLost(result, orders);
if (json === true) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  const { confirmed, undone, open } = result.orders;
  say(
    `${confirmed} orders confirmed, ${undone} undone, ${open} open; ${result.kills} processes killed, ${result.breakerTransitions} breaker transitions`,
  );
  say(
    `books: ${result.balanceDifference.money} cents and ${result.balanceDifference.stock} units off, ${result.duplicatedEffects} effects doubled`,
  );
  say(
    `${result.searches.total} searches, ${result.searches.partial} with sources missing, ${result.searches.late} late; ${result.seconds} s in all`,
  );
}
if (good) rmSync(dataFolder, { recursive: true, force: true });
else say(`something was lost, doubled or late; every store and log is kept in ${dataFolder}`);
process.exitCode = good ? 0 : 1;

function count(max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= 0 && value <= max) return value;
    throw new InvalidArgumentError(`must be a whole number from 0 to ${max}.`);
  };
}
