// Links in Markdown lead somewhere, and the programs shown there compile and run against the built packages.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { anchors, links, programs } from '../lib/markdown.mjs';
import { capture } from '../lib/process.mjs';
import { root } from '../lib/workspace.mjs';

/** A program in a README is a first taste: it must be done in this time. */
const programMs = 20_000;
/** Beside the sources and ignored by git: Node strips no types under node_modules. */
const workspace = join(root, '.holdfast', 'docs');

/** @typedef {{ path: string, text: string }} Document `path` from the root */

/** @type {import('../check.mjs').Check} */
export const docs = {
  name: 'docs',
  run: async (node) => {
    const documents = markdownFiles(root).map((path) => ({
      path: relative(root, path),
      text: readFileSync(path, 'utf8'),
    }));
    const problems = [...documents.flatMap(linkProblems), ...(await programProblems(node, documents))];
    return { ok: problems.length === 0, output: problems.join('\n') };
  },
};

/**
 * @param {string} folder
 * @returns {string[]}
 */
function markdownFiles(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'node_modules' || entry.name === 'dist' || entry.name.startsWith('.')) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? markdownFiles(path) : entry.name.endsWith('.md') ? [path] : [];
  });
}

/** @param {Document} document */
function linkProblems({ path, text }) {
  return links(text).flatMap(({ line, target }) => {
    if (/^[a-z][a-z+.-]*:/i.test(target)) return []; // Another host: not ours to keep alive.
    const [file = '', anchor] = target.split('#');
    const full = file === '' ? join(root, path) : join(root, dirname(path), decodeURIComponent(file));
    if (!existsSync(full)) return [`${path}:${line}: ${target} does not exist`];
    if (anchor === undefined || statSync(full).isDirectory()) return [];
    return anchors(readFileSync(full, 'utf8')).has(anchor)
      ? []
      : [`${path}:${line}: ${target} has no such heading`];
  });
}

/**
 * @param {string} node
 * @param {readonly Document[]} documents
 */
async function programProblems(node, documents) {
  const all = documents.flatMap(({ path, text }) =>
    programs(text).map((program) => ({
      ...program,
      where: `${path}:${program.line}`,
      file: join(workspace, `${path.replaceAll(/[/\\]/g, '-')}-${program.line}.ts`),
    })),
  );
  rmSync(workspace, { recursive: true, force: true });
  mkdirSync(workspace, { recursive: true });
  for (const { file, code } of all) writeFileSync(file, `${code}\n`);
  const config = { extends: '../../tsconfig.base.json', compilerOptions: compilerOptions, include: ['*.ts'] };
  writeFileSync(join(workspace, 'tsconfig.json'), JSON.stringify(config));

  const compiled = await capture(node, ['node_modules/typescript/bin/tsc', '-p', workspace]);
  const problems = compiled.exitCode === 0 ? [] : [compiled.output];
  const cwd = mkdtempSync(join(tmpdir(), 'holdfast-docs-'));
  try {
    for (const { where, file, output } of all) {
      const run = await capture(node, [file], { cwd, timeout: programMs });
      if (run.exitCode !== 0) problems.push(`${where}: ended with exit code ${run.exitCode}\n${run.output}`);
      else if (output !== undefined && run.output !== output.trim()) {
        problems.push(`${where}: should print\n${output}\nbut prints\n${run.output}`);
      }
    }
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
  return problems;
}

/** A reader's program is held to types, not to our habits for libraries. */
const compilerOptions = {
  noEmit: true,
  composite: false,
  declaration: false,
  declarationMap: false,
  isolatedDeclarations: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
};
