/**
 * Runs the cases recorded from AWS Step Functions against this engine, with the runner that comes with them. The
 * cases are kept beside the checkout; without them the test says so and skips.
 */
import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { freePort, startEngine, temporaryFolder } from '../testing/processes.fixture.ts';
import { outOfScope } from './scope.fixture.ts';

const CHECKOUT = fileURLToPath(new URL('../../../..', import.meta.url));
const FOLDER = join(CHECKOUT, '..', 'shared', 'conformance');
const present = existsSync(FOLDER);
/** The runner compares its own path with the one it was started by, so links on the way are resolved. */
const CONFORMANCE = present ? realpathSync(FOLDER) : FOLDER;

/** Share of the cases in scope that must pass, by group. */
const GROUPS = [
  { group: 'choice', least: 1 },
  { group: 'core', least: 1 },
  { group: 'wait', least: 1 },
  { group: 'parallel', least: 1 },
  { group: 'error-handling', least: 1 },
  // One case contradicts the documentation: an execution whose MaxConcurrencyPath is negative hangs at AWS.
  { group: 'map', least: 0.9 },
  { group: 'context', least: 1 },
  { group: 'timeout', least: 1 },
  { group: 'scenario', least: 1 },
  { group: 'intrinsic', least: 1 },
  // One case compares with a name that its recording replaced.
  { group: 'api-core', least: 0.9 },
];

interface Result {
  readonly id: string;
  readonly category: string;
  readonly pass: boolean;
  readonly diffs: readonly string[];
}

const title = present
  ? 'conformance with AWS Step Functions'
  : `conformance with AWS Step Functions (skipped: the recorded cases are not beside the checkout; get it: ask the maintainers for shared/conformance)`;

describe.skipIf(!present)(title, () => {
  test('every group passes as far as it is in scope', { timeout: 180_000 }, async () => {
    const results = await run(GROUPS.map(({ group }) => group));
    const excluded = await outOfScopeIds(GROUPS.map(({ group }) => group));
    const report = GROUPS.map(({ group, least }) => {
      const ran = results.filter(({ category, id }) => category === group && !excluded.has(id));
      const failed = ran.filter(({ pass }) => !pass);
      return {
        group,
        least,
        ran: ran.length,
        failed: failed.map(({ id, diffs }) => `${id}: ${diffs[0] ?? ''}`),
      };
    });
    const short = report.filter(({ ran, failed, least }) => ran === 0 || (ran - failed.length) / ran < least);
    expect(short).toEqual([]);
    expect(report.reduce((sum, { ran }) => sum + ran, 0)).toBeGreaterThan(480);
  });
});

async function run(groups: readonly string[]): Promise<readonly Result[]> {
  await using folder = await temporaryFolder();
  const lambdaPort = await freePort();
  const engine = await startEngine(folder.path, [`http://127.0.0.1:${lambdaPort}`]);
  try {
    const out = join(folder.path, 'results.json');
    const env = {
      ...process.env,
      ENDPOINT: engine.url,
      NODE_MODULES_FROM: CHECKOUT,
      LAMBDA_PORT: String(lambdaPort),
      CONC: '48',
      OUT: out,
    };
    await promisify(execFile)(process.execPath, [join(CONFORMANCE, 'run-cases.mjs'), ...groups], { env });
    const { results }: { results: readonly Result[] } = JSON.parse(await readFile(out, 'utf8'));
    return results;
  } finally {
    await engine.stop();
  }
}

async function outOfScopeIds(groups: readonly string[]): Promise<ReadonlySet<string>> {
  const excluded = new Set<string>();
  for (const group of groups) {
    const folder = join(CONFORMANCE, 'cases', group);
    for (const file of await readdir(folder)) {
      const text = await readFile(join(folder, file), 'utf8');
      const { id }: { id: string } = JSON.parse(text);
      if (outOfScope(text)) excluded.add(id);
    }
  }
  return excluded;
}
