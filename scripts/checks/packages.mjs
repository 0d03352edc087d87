// What would be published, as it would be published: packed, linted, its types resolved, and imported from the tarball.
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { npm } from '../lib/install.mjs';
import { capture } from '../lib/process.mjs';
import { readJson, root, ScriptError } from '../lib/workspace.mjs';

/**
 * @typedef {{ name: string, private?: boolean, exports?: Record<string, unknown>, dependencies?: Record<string, string> }} Manifest
 * @typedef {{ manifest: Manifest, tarball: string, files: readonly string[] }} Packed
 */

/** @type {import('../check.mjs').Check} */
export const packages = {
  name: 'packages',
  run: async (node) => {
    const folder = mkdtempSync(join(tmpdir(), 'holdfast-pack-'));
    try {
      const packed = await pack(published(), folder);
      const problems = packed.flatMap(contentProblems);
      for (const { tarball } of packed) {
        problems.push(...(await tool(node, ['node_modules/publint/src/cli.js', 'run', '--strict', tarball])));
        problems.push(
          ...(await tool(node, [
            'node_modules/@arethetypeswrong/cli/dist/index.js',
            ...['--profile', 'esm-only', '--no-emoji', '--no-color', '--format', 'ascii', tarball],
          ])),
        );
      }
      problems.push(...(await importProblems(node, packed, folder)));
      return { ok: problems.length === 0, output: problems.join('\n') };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
};

/** @returns {Manifest[]} */
function published() {
  return readdirSync(join(root, 'packages'))
    .map(
      (name) => /** @type {Manifest | undefined} */ (readJson(join(root, 'packages', name, 'package.json'))),
    )
    .filter((manifest) => manifest !== undefined)
    .filter((manifest) => manifest.private !== true);
}

/**
 * @param {readonly Manifest[]} manifests
 * @param {string} folder
 * @returns {Promise<Packed[]>}
 */
async function pack(manifests, folder) {
  const workspaces = manifests.flatMap(({ name }) => ['--workspace', name]);
  const { exitCode, output } = await npm([
    'pack',
    '--json',
    '--loglevel=error',
    '--pack-destination',
    folder,
    ...workspaces,
  ]);
  if (exitCode !== 0) throw new ScriptError(`npm pack failed:\n${output}`);
  /** @typedef {{ name: string, filename: string, files: { path: string }[] }} Entry */
  const json = JSON.parse(output.slice(output.search(/^[[{]/m)));
  const entries = /** @type {Entry[]} */ (Array.isArray(json) ? json : Object.values(json));
  return manifests.map((manifest) => {
    const entry = entries.find(({ name }) => name === manifest.name);
    if (entry === undefined)
      throw new ScriptError(`npm pack said nothing about ${manifest.name}:\n${output}`);
    return { manifest, tarball: join(folder, entry.filename), files: entry.files.map(({ path }) => path) };
  });
}

/** @param {Packed} packed */
function contentProblems({ manifest, files }) {
  const problems = files
    .filter((path) => /\.(test|fixture)\./.test(path))
    .map((path) => `${manifest.name}: ${path} is a test file and would be published`);
  if (!files.includes('README.md')) problems.push(`${manifest.name}: no README.md would be published`);
  return problems;
}

/**
 * @param {string} node
 * @param {readonly string[]} args
 */
async function tool(node, args) {
  const { exitCode, output } = await capture(node, args);
  return exitCode === 0 ? [] : [output];
}

/**
 * Unpacks the tarballs beside the dependencies that they declare, and nothing else, and imports every door.
 * @param {string} node
 * @param {readonly Packed[]} packed
 * @param {string} folder
 */
async function importProblems(node, packed, folder) {
  const modules = join(folder, 'node_modules');
  for (const { manifest, tarball } of packed) {
    const target = join(modules, manifest.name);
    mkdirSync(target, { recursive: true });
    const { exitCode, output } = await capture('tar', [
      '-xzf',
      tarball,
      '-C',
      target,
      '--strip-components=1',
    ]);
    if (exitCode !== 0) return [`tar: ${output}`];
  }
  for (const name of new Set(packed.flatMap(({ manifest }) => Object.keys(manifest.dependencies ?? {})))) {
    const target = join(modules, name);
    if (existsSync(target)) continue;
    mkdirSync(dirname(target), { recursive: true });
    symlinkSync(join(root, 'node_modules', name), target);
  }
  const problems = [];
  for (const { manifest } of packed) {
    for (const door of Object.keys(manifest.exports ?? {}).filter((path) => !path.endsWith('.json'))) {
      const specifier = manifest.name + door.slice(1);
      const { exitCode, output } = await capture(
        node,
        ['--input-type=module', '-e', `await import('${specifier}')`],
        {
          cwd: folder,
        },
      );
      if (exitCode !== 0) problems.push(`${specifier} does not import from its tarball:\n${output}`);
    }
  }
  return problems;
}
