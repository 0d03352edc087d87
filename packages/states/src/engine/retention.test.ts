import { virtualRuntime } from '@holdfast/core';
import { expect, test } from 'vitest';
import { ended, FUNCTION, inVirtualTime, run, temporaryEngine } from '../testing/engine.fixture.ts';
import { retention } from './retention.ts';

const HOUR_MS = 3_600_000;

test('looks at once and every hour, and goes on while there is more', async () => {
  const runtime = virtualRuntime({ seed: 1, startMs: 1_000_000 });
  const counts = [100, 100, 7, 0, 0];
  const asked: string[] = [];
  const purge = async (before: number, limit: number): Promise<number> => {
    asked.push(`${runtime.now()}: ${limit} before ${before}`);
    return counts.shift() ?? 0;
  };
  const stop = retention({ runtime, retainMs: 60_000, purge, failed: () => {} });
  await runtime.advance(2 * HOUR_MS);
  expect(asked).toEqual([
    '1000000: 100 before 940000',
    '1000000: 100 before 940000',
    '1000000: 100 before 940000',
    '4600000: 100 before 4540000',
    '8200000: 100 before 8140000',
  ]);
  stop();
  await runtime.advance(HOUR_MS);
  expect(asked).toHaveLength(5);
  expect(runtime.pendingTimers).toBe(0);
});

test('a failure is told and tried again an hour later', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  const failures: unknown[] = [];
  const stop = retention({
    runtime,
    retainMs: 60_000,
    purge: () => Promise.reject(new Error('disk')),
    failed: (error) => failures.push(error),
  });
  await runtime.advance(HOUR_MS);
  stop();
  expect(failures).toEqual([new Error('disk'), new Error('disk')]);
});

test('the engine forgets what closed long ago, keeps the rest, and never gives out a sequence twice', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  await using temporary = await temporaryEngine({ runtime, retainClosedMs: 60_000 });
  const { engine } = temporary;
  const old = await run(engine, { S: { Type: 'Task', Resource: FUNCTION, End: true } }, {}, 'old');
  await ended(engine, old);
  const running = await run(engine, { W: { Type: 'Wait', Seconds: 7 * 3_600, End: true } }, {}, 'running');
  await runtime.advance(HOUR_MS + 1_000);
  await new Promise((resolve) => setImmediate(resolve));
  await expect(engine.describeExecution({ executionArn: old })).rejects.toMatchObject({
    awsName: 'ExecutionDoesNotExist',
  });
  expect(await engine.describeExecution({ executionArn: running })).toMatchObject({ status: 'RUNNING' });
  const again = await temporary.reopen();
  expect(await inVirtualTime(runtime, ended(again, running))).toMatchObject({ type: 'ExecutionSucceeded' });
  const sequences: number[] = [];
  for await (const { sequence, executionArn, event } of again.feed(0)) {
    expect(executionArn).toBe(running);
    sequences.push(sequence);
    if (event.type === 'ExecutionSucceeded') break;
  }
  // Seven events of the forgotten execution came first.
  expect(sequences.every((sequence) => sequence > 7)).toBe(true);
});
