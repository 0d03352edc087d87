import {
  appendFileSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { trimLogs } from './log-files.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-logs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file over its bound moves aside, and its writer goes on in the emptied file', async () => {
  const file = join(folder, 'api.log');
  const writer = openSync(file, 'a');
  writeSync(writer, 'first line\n');
  await trimLogs(folder, 5);
  writeSync(writer, 'next\n');
  expect([readFileSync(file, 'utf8'), readFileSync(`${file}.old`, 'utf8')]).toEqual([
    'next\n',
    'first line\n',
  ]);
});

test('a file within its bound stays as it is, and what moved aside is not moved again', async () => {
  writeFileSync(join(folder, 'api.log'), 'tiny');
  appendFileSync(join(folder, 'engine.log.old'), 'much longer than the bound');
  await trimLogs(folder, 5);
  expect(readFileSync(join(folder, 'api.log'), 'utf8')).toBe('tiny');
  expect(readFileSync(join(folder, 'engine.log.old'), 'utf8')).toBe('much longer than the bound');
});
