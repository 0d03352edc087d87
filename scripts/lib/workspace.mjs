// Where things stand in the repository, and how the scripts talk to the person who runs them.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's root folder. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[/\\]$/, '');

/**
 * A failure to tell in one line: its message is the whole story, so no stack is printed.
 */
export class ScriptError extends Error {
  /**
   * @param {string} message what happened and what to do next
   * @param {number} [exitCode] default 1
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'ScriptError';
    this.exitCode = exitCode;
  }
}

/**
 * Runs `work` and tells about it in one line, ended by the seconds it took. Progress goes to standard error, so that
 * standard output stays free for `--json`.
 * @template T
 * @param {string} line
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function timed(line, work) {
  const startedMs = performance.now();
  process.stderr.write(`holdfast: ${line} …`);
  try {
    return await work();
  } finally {
    process.stderr.write(` ${((performance.now() - startedMs) / 1000).toFixed(1)} s\n`);
  }
}

/**
 * @param {string} path absolute
 * @returns {unknown} the parsed file, or undefined when it is absent or is no JSON
 */
export function readJson(path) {
  if (!existsSync(path)) return undefined;
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param {string} root */
export function lockPath(root) {
  return join(root, 'package-lock.json');
}
