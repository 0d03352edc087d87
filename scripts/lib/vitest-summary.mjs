// A Vitest reporter that writes what the closing line needs: real counts, and each skipped test with its reason.
import { writeFileSync } from 'node:fs';

/**
 * @typedef {{ name: string, file: string, reason: string | undefined }} Skipped
 * @typedef {{ passed: number, failed: number, skipped: Skipped[], brokenFiles: number, strayErrors: number }} Summary
 *   `brokenFiles` did not load or failed outside their tests; `strayErrors` belong to no test
 */

/** The variable that names the file to write. */
export const summaryPathVariable = 'HOLDFAST_TEST_SUMMARY';

// Vitest finds a custom reporter by its default export.
// biome-ignore lint/style/noDefaultExport: required by Vitest
export default class SummaryReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} strayErrors
   */
  onTestRunEnd(modules, strayErrors) {
    const path = process.env[summaryPathVariable];
    if (path === undefined) return;
    /** @type {Summary} */
    const summary = { passed: 0, failed: 0, skipped: [], brokenFiles: 0, strayErrors: strayErrors.length };
    for (const module of modules) count(module, summary);
    writeFileSync(path, JSON.stringify(summary));
  }
}

/**
 * @param {import('vitest/node').TestModule} module
 * @param {Summary} summary
 */
function count(module, summary) {
  const suites = [module, ...module.children.allSuites()];
  if (suites.some((suite) => suite.errors().length > 0)) summary.brokenFiles += 1;
  for (const test of module.children.allTests()) {
    const result = test.result();
    if (result.state === 'passed') summary.passed += 1;
    else if (result.state === 'failed') summary.failed += 1;
    else {
      const note = result.state === 'skipped' ? result.note : undefined;
      summary.skipped.push({ name: test.fullName, file: module.relativeModuleId, reason: note });
    }
  }
}
