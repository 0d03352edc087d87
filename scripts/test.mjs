// npm test: every test of every room. Arguments go to Vitest: `npm test -- packages/core`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { prepare } from './lib/prepare.mjs';
import { foreground } from './lib/process.mjs';
import { report } from './lib/test-report.mjs';
import { summaryPathVariable } from './lib/vitest-summary.mjs';
import { readJson, ScriptError } from './lib/workspace.mjs';

/** @param {readonly string[]} args */
export async function main(args) {
  const node = await prepare();
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  try {
    const summaryPath = join(folder, 'summary.json');
    const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--reporter=default'];
    const exitCode = await foreground(
      node,
      [...vitest, '--reporter=./scripts/lib/vitest-summary.mjs', ...args],
      {
        env: { ...process.env, [summaryPathVariable]: summaryPath },
      },
    );
    const summary = /** @type {import('./lib/vitest-summary.mjs').Summary | undefined} */ (
      readJson(summaryPath)
    );
    if (summary === undefined)
      throw new ScriptError('the test run ended before it could count its tests.', exitCode || 1);
    const { lines, exitCode: result } = report(summary, {
      noSkip: process.env['HOLDFAST_NO_SKIP'] === '1',
      vitestExitCode: exitCode,
    });
    process.stdout.write(`\n${lines.join('\n')}\n`);
    return result;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
