// The counts come from Vitest itself: a run that fails in every way it can, and what is written about it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

const everyWay = `
import { afterAll, describe, expect, test } from 'vitest';
test('passes', () => {});
test('fails', () => expect(1).toBe(2));
test.skip('skipped by name (skipped: no Redis; get it: apt-get install redis)', () => {});
test('skipped by note', (context) => context.skip('no PostgreSQL; get it: apt-get install postgresql'));
test.todo('not written');
describe('a broken suite', () => {
  afterAll(() => { throw new Error('hook'); });
  test('passes too', () => {});
});
void Promise.reject(new Error('stray'));
`;

test('counts passed, failed, skipped with reasons, broken files and stray errors', () => {
  mkdirSync(join(root, '.holdfast'), { recursive: true });
  // Inside the repository, so that Vitest is found; ignored by git.
  const folder = mkdtempSync(join(root, '.holdfast', 'summary-'));
  try {
    writeFileSync(join(folder, 'every-way.test.ts'), everyWay);
    writeFileSync(join(folder, 'broken.test.ts'), `import './absent.ts';`);
    writeFileSync(join(folder, 'vitest.config.ts'), 'export default {};');
    const summary = join(folder, 'summary.json');
    const reporter = join(root, 'scripts/lib/vitest-summary.mjs');
    const vitest = join(root, 'node_modules/vitest/vitest.mjs');
    const { status } = spawnSync(process.execPath, [vitest, 'run', `--reporter=${reporter}`], {
      cwd: folder,
      env: { PATH: process.env['PATH'], HOLDFAST_TEST_SUMMARY: summary },
    });
    expect(status).toBe(1);
    expect(JSON.parse(readFileSync(summary, 'utf8'))).toEqual({
      passed: 2,
      failed: 1,
      skipped: [
        {
          name: 'skipped by name (skipped: no Redis; get it: apt-get install redis)',
          file: 'every-way.test.ts',
        },
        {
          name: 'skipped by note',
          file: 'every-way.test.ts',
          reason: 'no PostgreSQL; get it: apt-get install postgresql',
        },
        { name: 'not written', file: 'every-way.test.ts' },
      ],
      brokenFiles: 2,
      strayErrors: 1,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
