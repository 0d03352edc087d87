// Installs from the lock file when node_modules does not hold what the lock file says.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { capture } from './process.mjs';
import { lockPath, readJson, root, ScriptError, timed } from './workspace.mjs';

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/**
 * Why an install is needed, or undefined when node_modules is as the lock file says. npm writes its own record of what
 * it installed (`node_modules/.package-lock.json`) last, so an interrupted install has none. Optional packages may be
 * absent: they belong to other platforms.
 * @param {Lock | undefined} locked package-lock.json
 * @param {Lock | undefined} installed node_modules/.package-lock.json
 * @returns {string | undefined}
 */
export function needsInstall(locked, installed) {
  if (locked?.packages === undefined) return undefined;
  if (installed?.packages === undefined) return 'nothing is installed yet';
  for (const [path, wanted] of Object.entries(locked.packages)) {
    if (!path.startsWith('node_modules/')) continue;
    const found = installed.packages[path];
    if (found === undefined) {
      if (!wanted.optional) return `${packageName(path)} is missing`;
    } else if (found.version !== wanted.version || found.integrity !== wanted.integrity) {
      return `${packageName(path)} is not the locked version`;
    }
  }
  return undefined;
}

/** Makes node_modules what the lock file says; does nothing when it is. */
export async function ensureInstalled() {
  const installed = /** @type {Lock | undefined} */ (
    readJson(join(root, 'node_modules', '.package-lock.json'))
  );
  const locked = /** @type {Lock | undefined} */ (readJson(lockPath(root)));
  if (locked === undefined)
    throw new ScriptError(`${lockPath(root)} is missing or unreadable; restore it with git.`);
  const reason = needsInstall(locked, installed);
  if (reason === undefined) return;
  await timed(`installing from the lock file (${reason})`, async () => {
    const { exitCode, output } = await npm([
      'ci',
      '--include=dev',
      '--loglevel=error',
      '--no-audit',
      '--no-fund',
    ]);
    if (exitCode !== 0) throw new ScriptError(`npm ci failed; try "npm ci" by hand.\n${output}`);
  });
}

/**
 * Runs npm with the Node that runs npm now, never with the one inside node_modules: npm may be about to replace it.
 * @param {readonly string[]} args
 */
export function npm(args) {
  const cli = process.env['npm_execpath'];
  const node = process.env['npm_node_execpath'];
  const inside = join(root, 'node_modules');
  const path = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.startsWith(inside));
  const env = { ...process.env, PATH: path.join(delimiter) };
  return cli?.endsWith('npm-cli.js') && node !== undefined && !node.startsWith(inside) && existsSync(node)
    ? capture(node, [cli, ...args], { env })
    : capture('npm', args, { env });
}

/** @param {string} path a key of the lock file */
function packageName(path) {
  return path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
}
