import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDatabase } from './index.ts';

interface Report {
  readonly state: string;
  readonly scope: string;
  readonly epoch: number;
  readonly probesInFlight: number;
}

interface Instance {
  readonly child: ChildProcess;
  last: Report | undefined;
}

let folder: string;
let gauge: DatabaseSync;
let instances: Instance[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-fleet-'));
  gauge = openDatabase(join(folder, 'gauge.sqlite'), { busyTimeoutMs: 5_000 });
  gauge.exec(
    'CREATE TABLE probes (id INTEGER PRIMARY KEY, pid INTEGER); CREATE TABLE most (probes INTEGER);',
  );
  gauge.exec('INSERT INTO most VALUES (0)');
  instances = [];
});

afterEach(() => {
  for (const { child } of instances) child.kill('SIGKILL');
  gauge.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(name: string): Instance {
  const fixture = join(import.meta.dirname, 'breaker-instance.fixture.ts');
  const child = fork(fixture, [join(folder, 'state.sqlite'), join(folder, 'gauge.sqlite'), name], {
    execArgv: ['--conditions=holdfast-source', '--disable-warning=ExperimentalWarning'],
    stdio: 'inherit',
  });
  const instance: Instance = { child, last: undefined };
  child.on('message', (report: Report) => {
    instance.last = report;
  });
  instances.push(instance);
  return instance;
}

/** Waits for reports until all of `among` are as wanted; the test's own time limit bounds it. */
async function until(among: readonly Instance[], wanted: (report: Report) => boolean): Promise<void> {
  for (const instance of among) {
    while (instance.last === undefined || !wanted(instance.last)) await once(instance.child, 'message');
  }
}

async function stop(among: readonly Instance[]): Promise<unknown[]> {
  return Promise.all(
    among.map(async ({ child }) => {
      const exit = once(child, 'exit');
      child.send('stop');
      return (await exit)[0];
    }),
  );
}

const mostProbes = (): unknown => gauge.prepare('SELECT probes FROM most').get()?.['probes'];

test('four processes open together, probe within the fleet’s bound while one is killed, and close together', async () => {
  const fleet = ['a', 'b', 'c', 'd'].map(start);
  await until(fleet, ({ state, scope }) => state === 'open' && scope === 'fleet');

  // The first that is seen with a probe under way dies with its permit in hand.
  const doomed = await Promise.race(
    fleet.map(async (instance) => {
      await until([instance], ({ probesInFlight }) => probesInFlight > 0);
      return instance;
    }),
  );
  doomed.child.kill('SIGKILL');
  await once(doomed.child, 'exit');
  gauge.prepare('DELETE FROM probes WHERE pid = ?').run(doomed.child.pid ?? 0);

  const survivors = fleet.filter((instance) => instance !== doomed);
  for (const { child } of survivors) child.send('healthy');
  await until(survivors, ({ state }) => state === 'closed');
  const epochs = survivors.map(({ last }) => last?.epoch);
  expect(new Set(epochs).size).toBe(1);
  expect(mostProbes()).toBeGreaterThanOrEqual(1);
  expect(mostProbes()).toBeLessThanOrEqual(2);
  expect(await stop(survivors)).toEqual([0, 0, 0]);
}, 60_000);
