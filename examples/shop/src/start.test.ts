/** Starting and ending, as a user meets it: one line when it runs, one line when it cannot, nothing left behind. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runningShop } from './testing/running-shop.fixture.ts';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-start-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [MAIN, '--no-open', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      err += chunk.toString();
    });
    child.once('exit', (code) => resolve({ code, out, err }));
  });
}

test('a port in use gets one line that names it', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const { code, out, err } = await run('--port', String(port), '--data', join(folder, 'port'));
  other.close();
  expect([code, out, err.trimEnd().split('\n')]).toEqual([
    1,
    '',
    [
      `holdfast shop: port ${port} on 127.0.0.1 is in use; end what listens there or choose another with --port`,
    ],
  ]);
});

test('a data folder that cannot be written gets one line that names it', async () => {
  // A file stands where the folder should be: that fails for root, too.
  const blocked = join(folder, 'blocked');
  writeFileSync(blocked, '');
  const { code, err } = await run('--port', '0', '--data', join(blocked, 'data'));
  expect([code, err.trimEnd().split('\n').length]).toEqual([1, 1]);
  expect(err).toContain(`cannot write to the data folder ${join(blocked, 'data')}`);
  expect(err).toContain('--data');
});

test.each([
  ['--port', '70000'],
  ['--latency-scale', 'fast'],
])('%s %s is refused by name', async (option, value) => {
  const { code, err } = await run(option, value);
  expect(code).toBe(1);
  expect(err).toContain(option);
});

test('--help tells every option', async () => {
  const { code, out } = await run('--help');
  expect(code).toBe(0);
  for (const option of ['--port', '--data', '--no-open', '--no-chaos']) expect(out).toContain(option);
});

test.each(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
  '%s to the shop ends every process it started',
  { timeout: 60_000 },
  async (signal) => {
    await using shop = await runningShop();
    expect(shop.output().trimEnd().split('\n')).toEqual([`Holdfast shop: ${shop.url}/ (Ctrl-C ends it)`]);
    const pids = (await shop.processes()).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
    expect(pids.length).toBe(12);
    await shop.stop(signal);
    const giveUpAt = performance.now() + 5_000;
    while (pids.some(alive) && performance.now() < giveUpAt)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(pids.filter(alive)).toEqual([]);
  },
);

test('a second shop on the same data folder is refused in one line', { timeout: 60_000 }, async () => {
  await using shop = await runningShop();
  const { code, err } = await run('--port', '0', '--data', shop.dataFolder);
  expect([code, err.trimEnd()]).toEqual([
    1,
    `holdfast shop: another shop is running on the data folder ${shop.dataFolder}; end it or choose another with --data`,
  ]);
});

function alive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
