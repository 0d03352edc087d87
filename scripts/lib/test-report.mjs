// Turns the counts of a test run into what a person reads last: what was skipped and how to get it, then one line.

/**
 * @typedef {import('./vitest-summary.mjs').Summary} Summary
 */

/** A skipped test's name, or its skip note, ends like this: `(skipped: Chromium is missing; get it: apt-get …)`. */
const convention = /\(skipped: (?<reason>.+)\)$/;

/**
 * @param {Summary} summary
 * @param {{ noSkip: boolean, vitestExitCode: number }} run `noSkip`: a skipped test counts as failed
 * @returns {{ lines: string[], exitCode: number }} `lines` ends with `N passed, N failed[, N skipped]`
 */
export function report(summary, run) {
  const lines = [];
  const reasons = new Map();
  for (const test of summary.skipped) {
    const reason = test.reason ?? convention.exec(test.name)?.groups?.['reason'] ?? 'no reason given';
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  for (const [reason, count] of reasons) lines.push(`skipped ${count}: ${reason}`);

  const outside = summary.brokenFiles + summary.strayErrors;
  if (outside > 0)
    lines.push(`failed outside any test: ${summary.brokenFiles} files, ${summary.strayErrors} errors`);
  if (run.noSkip && summary.skipped.length > 0)
    lines.push('HOLDFAST_NO_SKIP=1: each skipped test counts as failed');

  const skipped = run.noSkip ? 0 : summary.skipped.length;
  let failed = summary.failed + outside + (summary.skipped.length - skipped);
  if (failed === 0 && run.vitestExitCode !== 0) {
    lines.push(`the test runner ended with exit code ${run.vitestExitCode} though no test failed; see above`);
    failed = 1;
  }
  lines.push(`${summary.passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return { lines, exitCode: failed > 0 ? 1 : 0 };
}
