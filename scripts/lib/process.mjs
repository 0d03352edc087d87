// Child processes: a step whose output is kept for the case of failure, and the main program in the foreground.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { stripVTControlCharacters } from 'node:util';
import { root, ScriptError } from './workspace.mjs';

/** After the first signal the program has this long to close before its whole process group is killed. */
const closingMs = 10_000;
/** npm and the terminal both deliver one Ctrl-C; a second signal counts as deliberate only after this. */
const sameKeyPressMs = 1_000;
const forwarded = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
/** How soon it is noticed that npm, or the shell that it uses, was killed. */
const parentCheckMs = 500;

/**
 * @typedef {{ exitCode: number, output: string }} Finished `output` holds both streams in the order they came
 */

/**
 * Runs a step quietly. Output is kept in memory; the steps print a few hundred kilobytes at most.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, timeout?: number }} [options] `timeout` in ms, then it is terminated
 * @returns {Promise<Finished>}
 */
export function capture(command, args, options = {}) {
  const child = spawn(command, [...args], { cwd: root, ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  /** @type {Buffer[]} */
  const chunks = [];
  child.stdout.on('data', (chunk) => chunks.push(chunk));
  child.stderr.on('data', (chunk) => chunks.push(chunk));
  /** @type {NodeJS.Signals | undefined} */
  let told;
  const ignoreSignals = onSignals((signal) => {
    told = signal;
    child.kill(signal);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      ignoreSignals();
      if (told !== undefined) process.exit(signalExitCode(told)); // The user stopped it: nothing more to tell.
      // Some tools colour their output whatever they are told; what is kept may be printed anywhere.
      const output = stripVTControlCharacters(Buffer.concat(chunks).toString('utf8')).trim();
      resolve({ exitCode: code ?? signalExitCode(signal), output });
    });
  });
}

/**
 * Like {@link capture}, but a failure is an error that carries the step's own words.
 * @param {string} what the step, as the reader knows it
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export async function mustRun(what, command, args, options) {
  const { exitCode, output } = await capture(command, args, options);
  if (exitCode !== 0) throw new ScriptError(`${what} failed (exit code ${exitCode}):\n${output}`);
  return output;
}

/**
 * Runs the program that the user asked for, in its own process group, until it ends. Signals reach it once each; when
 * it has ended, or does not end in time, every process left in its group is killed, so that none is orphaned. The
 * inter-process channel lets it notice that this process was killed.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<number>} its exit code, 128 + n when it ended by signal n
 */
export function foreground(command, args, options = {}) {
  const grouped = process.platform !== 'win32';
  const child = spawn(command, [...args], {
    cwd: root,
    ...options,
    detached: grouped,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  const killGroup = () => {
    if (child.pid === undefined) return;
    try {
      process.kill(grouped ? -child.pid : child.pid, 'SIGKILL');
    } catch {
      // ESRCH: nobody is left in the group, which is what is wanted.
    }
  };

  let firstSignalAtMs = 0;
  /** @type {NodeJS.Timeout | undefined} */
  let closing;
  /** @param {NodeJS.Signals} signal */
  const close = (signal) => {
    if (closing !== undefined) {
      if (performance.now() - firstSignalAtMs > sameKeyPressMs) killGroup();
      return;
    }
    firstSignalAtMs = performance.now();
    closing = setTimeout(killGroup, closingMs);
    child.kill(signal);
  };
  const ignoreSignals = onSignals(close);
  // Whoever kills npm wants the program to end, too; an orphan would go on unseen.
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent && closing === undefined) close('SIGTERM');
  }, parentCheckMs);

  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      ignoreSignals();
      clearInterval(watch);
      clearTimeout(closing);
      killGroup();
      resolve(code ?? signalExitCode(signal));
    });
  });
}

/**
 * @param {(signal: NodeJS.Signals) => void} handle
 * @returns {() => void} stops listening
 */
function onSignals(handle) {
  for (const signal of forwarded) process.on(signal, handle);
  return () => {
    for (const signal of forwarded) process.removeListener(signal, handle);
  };
}

/** @param {NodeJS.Signals | null} signal */
function signalExitCode(signal) {
  return signal === null ? 1 : 128 + (constants.signals[signal] ?? 0);
}
