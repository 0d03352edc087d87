// Builds what is stale: the TypeScript projects and the page. A second start finds two stamps and starts nothing.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { mustRun } from './process.mjs';
import { readJson, root, ScriptError, timed } from './workspace.mjs';

/**
 * @typedef {object} Step
 * @property {string} name
 * @property {(file: string) => boolean} reads whether a source file (path from the root, with `/`) goes into this step
 * @property {readonly string[]} makes files that exist once the step has run, from the root
 * @property {(node: string) => Promise<unknown>} run
 * @typedef {Record<string, string>} Stamps the fingerprint of each step's sources when it last ran
 */

const stampPath = join(root, 'node_modules', '.holdfast', 'built.json');

/** @type {readonly Step[]} */
const steps = [
  {
    name: 'packages',
    reads: (file) => /(\.ts|\.tsx|\.json)$/.test(file) && !/\.(test|fixture)\.tsx?$/.test(file),
    makes: projects().map((project) => buildInfo(project)),
    run: (node) => mustRun('tsc -b', node, [bin('typescript', 'bin/tsc'), '-b', 'tsconfig.json']),
  },
  {
    name: 'page',
    reads: (file) => file.startsWith('packages/dashboard/') && !/\.test\.tsx?$/.test(file),
    makes: ['packages/dashboard/dist/page/index.html'],
    run: (node) =>
      mustRun('vite build', node, [
        bin('vite', 'bin/vite.js'),
        'build',
        '--logLevel',
        'warn',
        'packages/dashboard',
      ]),
  },
];

/**
 * Which steps must run: their sources changed since the stamp, or something that they make is gone.
 * @template {Pick<Step, 'name' | 'makes'>} S
 * @param {readonly S[]} all
 * @param {Stamps} now
 * @param {Stamps} stamped
 * @param {(path: string) => boolean} exists
 * @returns {S[]}
 */
export function staleSteps(all, now, stamped, exists) {
  return all.filter((step) => now[step.name] !== stamped[step.name] || !step.makes.every(exists));
}

/**
 * Brings `dist/` up to date. The steps do not read each other's output, so they run at the same time.
 * @param {string} node the Node to build with
 */
export async function ensureBuilt(node) {
  const now = fingerprints(sources());
  const stamped = /** @type {Stamps} */ (readJson(stampPath) ?? {});
  const stale = staleSteps(steps, now, stamped, (path) => existsSync(join(root, path)));
  if (stale.length === 0) return;
  await timed(`building ${stale.map((step) => step.name).join(' and ')}`, () =>
    allOrEveryFailure(stale.map((step) => step.run(node))),
  );
  mkdirSync(dirname(stampPath), { recursive: true });
  writeFileSync(stampPath, JSON.stringify(now));
}

/**
 * Waits for all, so that no step is left running, and tells every failure at once.
 * @param {readonly Promise<unknown>[]} work
 */
async function allOrEveryFailure(work) {
  const failures = (await Promise.allSettled(work)).filter((result) => result.status === 'rejected');
  if (failures.length > 0) throw new ScriptError(failures.map(({ reason }) => reason.message).join('\n'));
}

/**
 * @param {readonly { path: string, size: number, mtimeMs: number }[]} files
 * @returns {Stamps}
 */
function fingerprints(files) {
  return Object.fromEntries(
    steps.map((step) => {
      const hash = createHash('sha256');
      for (const file of files)
        if (step.reads(file.path)) hash.update(`${file.path}\0${file.size}\0${file.mtimeMs}\n`);
      return [step.name, hash.digest('hex')];
    }),
  );
}

/** Every file that a build may read, in a stable order. */
function sources() {
  const files = ['package-lock.json', 'tsconfig.json', 'tsconfig.base.json'].map((path) =>
    stat(join(root, path)),
  );
  for (const area of ['packages', 'examples']) walk(join(root, area), files);
  return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * @param {string} folder
 * @param {{ path: string, size: number, mtimeMs: number }[]} into
 */
function walk(folder, into) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === 'dist' || entry.name === 'node_modules' || entry.name.startsWith('.')) continue;
    const path = join(folder, entry.name);
    if (entry.isDirectory()) walk(path, into);
    else if (entry.isFile()) into.push(stat(path));
  }
}

/** @param {string} path absolute */
function stat(path) {
  const { size, mtimeMs } = statSync(path);
  return { path: relative(root, path).replaceAll('\\', '/'), size, mtimeMs };
}

/** @returns {string[]} the tsconfig files that tsconfig.json refers to, from the root */
function projects() {
  const solution = /** @type {{ references: { path: string }[] }} */ (readJson(join(root, 'tsconfig.json')));
  return solution.references.map(({ path }) => (path.endsWith('.json') ? path : `${path}/tsconfig.json`));
}

/** @param {string} project */
function buildInfo(project) {
  const config = /** @type {{ compilerOptions: { tsBuildInfoFile: string } }} */ (
    readJson(join(root, project))
  );
  return `${dirname(project)}/${config.compilerOptions.tsBuildInfoFile}`;
}

/**
 * @param {string} name
 * @param {string} file
 */
function bin(name, file) {
  return join(root, 'node_modules', name, file);
}
