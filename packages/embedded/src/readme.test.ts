import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the program of the README runs as it stands', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const program = /```ts\n([\s\S]*?)```/.exec(readme)?.[1] ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-readme-'));
  try {
    symlinkSync(join(import.meta.dirname, '../../../node_modules'), join(folder, 'node_modules'));
    const options = ['--conditions=holdfast-source', '--disable-warning=ExperimentalWarning'];
    const run = promisify(execFile)(
      process.execPath,
      [...options, '--input-type=module-typescript', '--eval', program],
      { cwd: folder, timeout: 15_000 },
    );
    expect((await run).stdout).toBe('paid closed\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
