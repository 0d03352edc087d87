import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeFolder } from './make-folder.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-folder-'));
  writeFileSync(join(root, 'file'), '');
});
afterAll(() => rmSync(root, { recursive: true }));

test.each(['one', 'deep/er/and/deeper', 'one', '.'])('makes %s, or finds it there', (path) => {
  makeFolder(join(root, path));
  expect(existsSync(join(root, path))).toBe(true);
});

test('a file in the way is an error that names it', () => {
  expect(() => makeFolder(join(root, 'file', 'below'))).toThrow(/file/);
  expect(() => makeFolder(join(root, 'file'))).toThrow(/is a file, not a folder/);
});

test.runIf(process.platform === 'linux')('an answer comes even from /proc, where nothing can be made', () => {
  expect(() => makeFolder('/proc/nope/below')).toThrow(/\/proc\/nope/);
});
