// Chooses the Node that runs Holdfast: the npm package `node` when it works, else the machine's own when it is new enough.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { npm } from './install.mjs';
import { capture } from './process.mjs';
import { root, ScriptError, timed } from './workspace.mjs';

/** node:sqlite needs no flag from 22.13 on; the OpenTelemetry SDK asks for 22.15, `isTransaction` of node:sqlite for 22.16. */
export const oldestRuntime = '22.16.0';

/**
 * @typedef {{ path: string, version: string | undefined }} Candidate `version` is undefined when it does not run
 * @typedef {{ kind: 'use', path: string } | { kind: 'repair', why: string }} Choice
 */

/**
 * @param {Candidate} packaged the npm package `node`
 * @param {Candidate} own the Node that runs this script
 * @returns {Choice}
 */
export function pickNode(packaged, own) {
  if (isAtLeast(packaged.version, oldestRuntime)) return { kind: 'use', path: packaged.path };
  if (isAtLeast(own.version, oldestRuntime)) return { kind: 'use', path: own.path };
  const state = packaged.version === undefined ? 'does not run' : `is only ${packaged.version}`;
  return {
    kind: 'repair',
    why: `Node ${oldestRuntime} or newer is needed; this one is ${own.version}, and the npm package "node" ${state}`,
  };
}

/**
 * @param {string | undefined} version as `process.versions.node`
 * @param {string} oldest
 */
export function isAtLeast(version, oldest) {
  if (version === undefined) return false;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number);
  return major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
}

/**
 * The path of a Node that can run Holdfast. An install with scripts switched off leaves the npm package `node` without
 * its binary; that is repaired once by `npm rebuild node`.
 * @returns {Promise<string>}
 */
export async function runtimeNode() {
  const choice = await look();
  if (choice.kind === 'use') return choice.path;
  await timed(`fetching Node for this folder (${choice.why})`, () =>
    npm(['rebuild', 'node', '--ignore-scripts=false', '--loglevel=error']),
  );
  const repaired = await look();
  if (repaired.kind === 'use') return repaired.path;
  throw new ScriptError(
    `${repaired.why}. Run "npm rebuild node --ignore-scripts=false --foreground-scripts" and read what it says, or install Node 24.`,
  );
}

async function look() {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  const own = { path: process.execPath, version: process.versions.node };
  return pickNode({ path, version: path === own.path ? own.version : await versionOf(path) }, own);
}

/** @param {string} path */
async function versionOf(path) {
  if (!existsSync(path)) return undefined;
  try {
    const { exitCode, output } = await capture(path, ['--version']);
    return exitCode === 0 ? /^v(\d+\.\d+\.\d+)$/.exec(output)?.[1] : undefined;
  } catch {
    return undefined; // Not executable here, for example a binary of another platform.
  }
}
