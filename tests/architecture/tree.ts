// The rooms as they stand on disk. The rules get this value, so that a test can hand them a bad house instead.
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SourceFile } from './source-file.ts';
import { readSource } from './source-file.ts';

/** The part of a package.json that the rules read. */
export interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly private?: boolean;
  readonly exports?: Readonly<Record<string, unknown>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** A package with its sources. */
export interface Room {
  /** From the repository's root, with `/`. */
  readonly folder: string;
  readonly manifest: Manifest;
  readonly hasReadme: boolean;
  readonly files: readonly SourceFile[];
}

/** Reads every package under `packages/` and `examples/`. */
export function readTree(root: string): readonly Room[] {
  return globSync(['packages/*/package.json', 'examples/*/package.json'], { cwd: root })
    .sort()
    .map((path) => readRoom(root, path.replaceAll('\\', '/').replace(/\/package\.json$/, '')));
}

function readRoom(root: string, folder: string): Room {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const paths = globSync(`${folder}/src/**/*.{ts,tsx}`, { cwd: root }).sort();
  return {
    folder,
    manifest,
    hasReadme: existsSync(join(root, folder, 'README.md')),
    files: paths.map((path) =>
      readSource(path.replaceAll('\\', '/'), readFileSync(join(root, path), 'utf8')),
    ),
  };
}
