// npm run check: every check that is not a test. One line each; what failed is shown in full at the end.
// `npm run check -- lint docs` runs only those.
import { architecture, lint, types, unused } from './checks/commands.mjs';
import { docs } from './checks/docs.mjs';
import { packages } from './checks/packages.mjs';
import { prepare } from './lib/prepare.mjs';
import { ScriptError } from './lib/workspace.mjs';

/**
 * @typedef {{ ok: boolean, output: string }} Verdict `output` is shown when it is not ok
 * @typedef {{ name: string, run: (node: string) => Promise<Verdict> }} Check
 */

/** @type {readonly Check[]} */
const checks = [types, lint, unused, architecture, packages, docs];

/** @param {readonly string[]} names which checks; none means all */
export async function main(names) {
  const unknown = names.find((name) => !checks.some((check) => check.name === name));
  if (unknown !== undefined) {
    throw new ScriptError(
      `no check is named "${unknown}"; there are ${checks.map((check) => check.name).join(', ')}.`,
    );
  }
  const node = await prepare();
  const failures = [];
  for (const check of checks.filter(({ name }) => names.length === 0 || names.includes(name))) {
    const startedMs = performance.now();
    const verdict = await check.run(node);
    const seconds = ((performance.now() - startedMs) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${check.name.padEnd(14)}${verdict.ok ? 'ok    ' : 'FAILED'}${seconds} s\n`);
    if (!verdict.ok) failures.push(`\n--- ${check.name}\n${verdict.output}\n`);
  }
  process.stdout.write(failures.join(''));
  return failures.length > 0 ? 1 : 0;
}
