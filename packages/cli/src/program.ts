/** Puts the subcommands together. */
import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { statesCommand } from './states.ts';

/** The whole command line, ready to `parseAsync`. */
export function holdfast(): Command {
  return new Command('holdfast')
    .description('Resilience patterns for services on AWS, on one machine or on AWS.')
    .version(version(), '-V, --version')
    .addCommand(statesCommand())
    .showHelpAfterError('(see --help)');
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const found =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : undefined;
  return typeof found === 'string' ? found : 'unknown';
}
