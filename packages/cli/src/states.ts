/** `holdfast states …`: runs Amazon States Language, or checks it. */
import { readFile } from 'node:fs/promises';
import { printProblem, validateDefinition } from '@holdfast/states';
import { Command, InvalidArgumentError, Option } from 'commander';
import { fail } from './fail.ts';
import { type ServeOptions, serve } from './states-serve.ts';

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

export function statesCommand(): Command {
  return new Command('states')
    .description('Amazon States Language: run it as AWS Step Functions would, or check it')
    .addCommand(serveCommand())
    .addCommand(validateCommand());
}

function serveCommand(): Command {
  return new Command('serve')
    .description('serve the Step Functions API on 127.0.0.1, with every execution durable in one folder')
    .requiredOption('--data <folder>', 'where executions are kept; made when absent')
    .requiredOption(
      '--lambda-endpoint <url...>',
      'base URL of a Lambda Invoke API; give several to spread the calls',
    )
    .option('--port <number>', 'port to listen on; 0 takes a free one', portNumber, 8083)
    .option('--host <address>', 'address to listen on; there is no authentication', '127.0.0.1')
    .option('--region <name>', 'region in ARNs', 'us-east-1')
    .option('--account <digits>', 'account in ARNs, twelve digits', '000000000000')
    .option('--max-concurrent-tasks <number>', 'calls in flight at once', count, 256)
    .addOption(
      new Option('--log-level <level>', 'JSON logs on standard error').choices(LOG_LEVELS).default('warn'),
    )
    .action((options: ServeOptions) => serve(options));
}

function validateCommand(): Command {
  return new Command('validate')
    .description('print what is wrong with a definition; exit 1 when anything is')
    .argument('<file>', 'a definition in JSON')
    .action(async (file: string) => {
      const text = await readFile(file, 'utf8').catch((error: unknown) => fail(`cannot read ${file}`, error));
      const problems = validateDefinition(text);
      for (const problem of problems) process.stdout.write(`${printProblem(problem)}\n`);
      if (problems.length > 0) process.exitCode = 1;
      else process.stdout.write(`${file}: valid\n`);
    });
}

function portNumber(text: string): number {
  return within(text, 0, 65_535);
}

function count(text: string): number {
  return within(text, 1, 10_000);
}

function within(text: string, min: number, max: number): number {
  const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
  if (value >= min && value <= max) return value;
  throw new InvalidArgumentError(`it must be an integer from ${min} to ${max}.`);
}
