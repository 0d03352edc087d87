/** One process of a fleet that shares a circuit breaker: started by `breaker-fleet.test.ts`, never by hand. */
import { circuitBreaker, systemRuntime } from '@holdfast/core';
import { openDatabase, sqliteStateStore } from './index.ts';

const [path = '', gaugePath = '', instanceId = ''] = process.argv.slice(2);
using store = sqliteStateStore({ path });
using gauge = openDatabase(gaugePath, { synchronous: 'normal', busyTimeoutMs: 5_000 });
const begin = gauge.prepare('INSERT INTO probes (pid) VALUES (?) RETURNING id');
const end = gauge.prepare('DELETE FROM probes WHERE id = ?');
const raise = gauge.prepare('UPDATE most SET probes = max(probes, (SELECT count(*) FROM probes))');
let healthy = false;
let running = true;

process.on('message', (message) => {
  if (message === 'stop') running = false;
  else healthy = message === 'healthy';
});

/** Writes down that a probe runs, and how many run at most, in one transaction. */
function probeBegins(): number {
  gauge.exec('BEGIN IMMEDIATE');
  const id = Number(begin.get(process.pid)?.['id']);
  raise.run();
  gauge.exec('COMMIT');
  return id;
}

{
  await using breaker = circuitBreaker(
    'dependency',
    {
      halfOpenProbes: 2,
      minimumCalls: 10,
      windowMs: 2_000,
      syncIntervalMs: 100,
      openForMs: 300,
      maxOpenForMs: 600,
      probeLeaseMs: 1_500,
      storeDown: 'closed-to-probes',
      slowStart: { durationMs: 0 },
    },
    { store, instanceId },
  );
  const report = (): void => {
    const { state, scope, epoch, probesInFlight } = breaker.snapshot();
    process.send?.({ state, scope, epoch, probesInFlight });
  };
  while (running) {
    const probing = breaker.snapshot().state !== 'closed';
    await breaker
      .execute(async ({ signal }) => {
        const id = probing ? probeBegins() : undefined;
        report();
        try {
          await systemRuntime.sleep(probing ? 40 : 2, signal);
          if (!healthy) throw new Error('down');
        } finally {
          if (id !== undefined) end.run(id);
        }
      })
      .catch(() => systemRuntime.sleep(5));
    report();
  }
}
process.disconnect?.();
