import { virtualRuntime } from '@holdfast/core';
import { expect, test } from 'vitest';
import { type CommitQueue, commitQueue } from './commit-queue.ts';
import { EngineUnavailableError, RequestRefusedError } from './errors.ts';

interface Bench {
  readonly queue: CommitQueue;
  readonly log: string[];
  /** The next transactions fail with this. */
  broken: Error | undefined;
}

const runtime = virtualRuntime({ seed: 1 });

function bench(): Bench {
  const log: string[] = [];
  const made: Bench = {
    log,
    broken: undefined,
    queue: commitQueue({
      runtime,
      transaction: (work) => {
        log.push('begin');
        const result = work();
        if (made.broken !== undefined) {
          log.push('rollback');
          throw made.broken;
        }
        log.push('commit');
        return result;
      },
      begin: () => log.push('fresh'),
      committed: () => log.push('adopt'),
      failed: (error, waiting) =>
        log.push(`failed: ${error instanceof Error ? error.message : ''}, ${waiting} waiting`),
    }),
  };
  return made;
}

const work = (log: string[], name: string) => (): (() => void) => {
  log.push(name);
  return () => log.push(`after ${name}`);
};

test('everything of one turn shares one transaction, and is told in order after it', async () => {
  const { queue, log } = bench();
  queue.must(work(log, 'a'));
  const answer = queue.request(
    () => 'b',
    () => log.push('after b'),
  );
  queue.must(work(log, 'c'));
  expect(await answer).toBe('b');
  expect(log).toEqual(['fresh', 'begin', 'a', 'c', 'commit', 'adopt', 'after a', 'after b', 'after c']);
});

test('a refused request is refused alone', async () => {
  const { queue, log } = bench();
  const refused = queue.request(() => {
    throw new RequestRefusedError('InvalidName', 'no');
  });
  const fine = queue.request(() => 1);
  await expect(refused).rejects.toThrow('no');
  expect(await fine).toBe(1);
  expect(log).toContain('commit');
});

test('when the disk fails, requests are refused and the rest is tried again until it is written', async () => {
  const made = bench();
  const { queue, log } = made;
  made.broken = new Error('disk full');
  queue.must(work(log, 'a'));
  await expect(queue.request(() => 1)).rejects.toThrow(EngineUnavailableError);
  expect(log).toEqual(['fresh', 'begin', 'a', 'rollback', 'failed: disk full, 1 waiting']);
  log.length = 0;
  await runtime.advance(250);
  expect(log).toEqual(['fresh', 'begin', 'a', 'rollback', 'failed: disk full, 1 waiting']);
  log.length = 0;
  made.broken = undefined;
  await runtime.advance(250);
  expect(log).toEqual(['fresh', 'begin', 'a', 'commit', 'adopt', 'after a']);
});

test('a defect in a request fails its batch, not the engine', async () => {
  const { queue, log } = bench();
  queue.must(work(log, 'a'));
  const defect = queue.request(() => {
    throw new TypeError('defect');
  });
  await expect(defect).rejects.toThrow(EngineUnavailableError);
  await runtime.advance(250);
  expect(log.slice(-3)).toEqual(['commit', 'adopt', 'after a']);
});

test('a long queue is written in batches of 512', async () => {
  const { queue, log } = bench();
  const answers = await Promise.all(Array.from({ length: 1_100 }, (_, i) => queue.request(() => i)));
  expect(answers).toEqual(Array.from({ length: 1_100 }, (_, i) => i));
  expect(log.filter((line) => line === 'commit')).toHaveLength(3);
});

test('closing writes what waits and takes nothing more', async () => {
  const { queue, log } = bench();
  const last = queue.request(() => 'last');
  queue.must(work(log, 'a'));
  queue.close();
  expect(await last).toBe('last');
  expect(log).toContain('after a');
  await expect(queue.request(() => 1)).rejects.toThrow('the engine is closing');
  queue.must(work(log, 'b'));
  await new Promise((resolve) => setImmediate(resolve));
  expect(log).not.toContain('b');
});

test('closing over a broken disk gives up', () => {
  const made = bench();
  made.broken = new Error('disk full');
  made.queue.must(work(made.log, 'a'));
  made.queue.close();
  expect(made.log.filter((line) => line === 'rollback')).toHaveLength(1);
});

test('more than 10,000 waiting requests are refused at once', async () => {
  const { queue } = bench();
  const waiting = Array.from({ length: 10_000 }, (_, i) => queue.request(() => i));
  await expect(queue.request(() => 1)).rejects.toThrow(
    'too many requests wait for the disk; nothing was accepted',
  );
  expect(await Promise.all(waiting)).toHaveLength(10_000);
});
