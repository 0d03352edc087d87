// The checks that are one tool with one command line.
import { capture } from '../lib/process.mjs';

/** @typedef {import('../check.mjs').Check} Check */

/** @type {Check} */
export const types = command(
  'types',
  ['node_modules/typescript/bin/tsc', '-b', 'tsconfig.json'],
  ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.tests.json'],
);

/** @type {Check} */
export const lint = command('lint', [
  'node_modules/@biomejs/biome/bin/biome',
  'check',
  '--error-on-warnings',
  '.',
]);

/** @type {Check} */
export const unused = command('unused', [
  'node_modules/knip/bin/knip.js',
  '--no-progress',
  '--no-config-hints',
]);

/** @type {Check} */
export const architecture = command('architecture', [
  'node_modules/vitest/vitest.mjs',
  'run',
  'tests/architecture',
]);

/**
 * @param {string} name
 * @param {readonly string[][]} commandLines run one after another until one fails
 * @returns {Check}
 */
function command(name, ...commandLines) {
  return {
    name,
    run: async (node) => {
      for (const args of commandLines) {
        const { exitCode, output } = await capture(node, args);
        if (exitCode !== 0) return { ok: false, output };
      }
      return { ok: true, output: '' };
    },
  };
}
