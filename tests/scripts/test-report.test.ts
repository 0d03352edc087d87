// The closing lines of npm test must tell the truth also when the runner fails in ways that no test shows.
import { expect, test } from 'vitest';
import { report } from '../../scripts/lib/test-report.mjs';

const clean = { passed: 3, failed: 0, skipped: [], brokenFiles: 0, strayErrors: 0 };
const chromium = 'Chromium is not on this machine; get it: apt-get install chromium';
const skipped = [
  { name: `page > opens (skipped: ${chromium})`, file: 'a.test.ts', reason: undefined },
  { name: 'page > closes', file: 'a.test.ts', reason: chromium },
  { name: 'says nothing', file: 'b.test.ts', reason: undefined },
];

test.each([
  { name: 'all passed', summary: clean, vitest: 0, lines: ['3 passed, 0 failed'], exitCode: 0 },
  {
    name: 'a test failed',
    summary: { ...clean, failed: 2 },
    vitest: 1,
    lines: ['3 passed, 2 failed'],
    exitCode: 1,
  },
  {
    name: 'a file did not load',
    summary: { ...clean, brokenFiles: 1 },
    vitest: 1,
    lines: ['failed outside any test: 1 files, 0 errors', '3 passed, 1 failed'],
    exitCode: 1,
  },
  {
    name: 'an error belonged to no test',
    summary: { ...clean, strayErrors: 1 },
    vitest: 1,
    lines: ['failed outside any test: 0 files, 1 errors', '3 passed, 1 failed'],
    exitCode: 1,
  },
  {
    name: 'the runner failed by itself',
    summary: clean,
    vitest: 137,
    lines: [
      'the test runner ended with exit code 137 though no test failed; see above',
      '3 passed, 1 failed',
    ],
    exitCode: 1,
  },
  {
    name: 'tests were skipped, grouped by reason',
    summary: { ...clean, skipped },
    vitest: 0,
    lines: [`skipped 2: ${chromium}`, 'skipped 1: no reason given', '3 passed, 0 failed, 3 skipped'],
    exitCode: 0,
  },
])('$name', ({ summary, vitest, lines, exitCode }) => {
  expect(report(summary, { noSkip: false, vitestExitCode: vitest })).toEqual({ lines, exitCode });
});

test('a skipped test is a failure where nothing may be skipped', () => {
  const { lines, exitCode } = report({ ...clean, skipped }, { noSkip: true, vitestExitCode: 0 });
  expect([lines.at(-1), exitCode]).toEqual(['3 passed, 3 failed', 1]);
});
