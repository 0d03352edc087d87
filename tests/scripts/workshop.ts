// A copy of the scripts in a small repository of its own, with tools that only write down that they were called.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** How a command ended. */
export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command under way. */
export interface Running {
  readonly pid: number;
  /** Resolves with the first line of standard output. */
  readonly firstLine: Promise<string>;
  readonly ended: Promise<Ended>;
}

/** The small repository. */
export interface Workshop extends Disposable {
  /** Writes a file, making its folders. */
  write(path: string, text: string): void;
  remove(path: string): void;
  /** `npm run <command>` without npm: `run('start', '--port', '0')`. */
  run(...args: readonly string[]): Running;
  /** The same under a process of its own, as npm is one; `pid` is that process's. */
  runUnderParent(...args: readonly string[]): Running;
  /** The tools that were called since the last look, in order. */
  toolsCalled(): readonly string[];
}

/** Starts its arguments as a Node program that shares its streams, and waits. */
const parent = `require('node:child_process').spawnSync(process.execPath, process.argv.slice(1), { stdio: 'inherit' });`;

const scripts = fileURLToPath(new URL('../../scripts', import.meta.url));

/** `main` is the source of the shop's main program. */
export function workshop(main: string): Workshop {
  const root = mkdtempSync(join(tmpdir(), 'holdfast-workshop-'));
  const calls = join(root, 'calls.log');
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  cpSync(scripts, join(root, 'scripts'), { recursive: true });
  write('package-lock.json', JSON.stringify({ packages: { '': {} } }));
  write('node_modules/.package-lock.json', JSON.stringify({ packages: {} }));
  write('tsconfig.base.json', '{}');
  write('tsconfig.json', JSON.stringify({ references: [{ path: 'packages/core' }] }));
  write(
    'packages/core/tsconfig.json',
    JSON.stringify({ compilerOptions: { tsBuildInfoFile: 'dist/.tsbuildinfo' } }),
  );
  write('packages/core/src/index.ts', 'export {};');
  write('packages/dashboard/index.html', '<p>');
  write('node_modules/typescript/bin/tsc', tool('tsc', calls, join(root, 'packages/core/dist/.tsbuildinfo')));
  write(
    'node_modules/vite/bin/vite.js',
    tool('vite', calls, join(root, 'packages/dashboard/dist/page/index.html')),
  );
  write('examples/shop/dist/main.js', main);
  return {
    write,
    remove: (path) => rmSync(join(root, path), { recursive: true }),
    run: (...args) => start(root, ['scripts/run.cjs', ...args]),
    runUnderParent: (...args) => start(root, ['-e', parent, 'scripts/run.cjs', ...args]),
    toolsCalled: () => {
      const seen = existsSync(calls) ? readFileSync(calls, 'utf8').trim().split('\n') : [];
      rmSync(calls, { force: true });
      return seen.sort();
    },
    [Symbol.dispose]: () => rmSync(root, { recursive: true, force: true }),
  };
}

function tool(name: string, calls: string, makes: string): string {
  return `
    const fs = require('node:fs');
    fs.appendFileSync(${JSON.stringify(calls)}, '${name}\\n');
    fs.mkdirSync(${JSON.stringify(dirname(makes))}, { recursive: true });
    fs.writeFileSync(${JSON.stringify(makes)}, '');`;
}

function start(root: string, args: readonly string[]): Running {
  const child = spawn(process.execPath, [...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const firstLine = new Promise<string>((resolve) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      if (stdout.includes('\n')) resolve(stdout.slice(0, stdout.indexOf('\n')));
    });
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
  return { pid: child.pid ?? 0, firstLine, ended };
}
