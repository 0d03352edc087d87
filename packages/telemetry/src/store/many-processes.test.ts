import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { temporaryPath } from '../testing.fixture.ts';
import { openTraceStore } from './trace-store.ts';

const PROCESSES = 6;
const SPANS = 1_000;

/** A child process on the sources of this package, killed with the test. */
function started(fixture: string, ...args: string[]): ChildProcess {
  const path = fileURLToPath(new URL(fixture, import.meta.url));
  const child = fork(path, args, { execArgv: ['--conditions=holdfast-source'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return child;
}

function writer(traceFile: string, service: string, count: number): ChildProcess {
  return started('./writer-process.fixture.ts', traceFile, service, String(count));
}

test(`${PROCESSES} processes that create and write one file at once lose nothing and double nothing`, async () => {
  const path = temporaryPath('traces.sqlite');
  const services = Array.from({ length: PROCESSES }, (_, index) => `service-${index}`);
  const children = services.map((service) => writer(path, service, SPANS));
  const reports = await Promise.all(children.map((child) => once(child, 'message')));
  expect(reports.map(([report]) => report)).toEqual(services.map(() => ({ flushed: true, dropped: 0 })));

  using store = openTraceStore(path);
  for (const service of services) {
    const names = store.byCorrelation(service).map(({ name }) => name);
    expect(new Set(names).size).toBe(SPANS);
    expect(names).toHaveLength(SPANS);
  }
  expect(store.serviceMap({ sinceMs: 0 }).nodes.map(({ calls }) => calls)).toEqual(services.map(() => SPANS));

  const exits = children.map((child) => once(child, 'exit'));
  for (const child of children) child.send('end');
  expect(await Promise.all(exits)).toEqual(children.map(() => [0, null]));
});

test('what was flushed survives the kill of its writer, and the file stays usable', async () => {
  const path = temporaryPath('traces.sqlite');
  const child = writer(path, 'victim', 50);
  await once(child, 'message');
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  expect(await exit).toEqual([null, 'SIGKILL']);

  const next = writer(path, 'successor', 50);
  await once(next, 'message');
  using store = openTraceStore(path);
  expect(store.byCorrelation('victim')).toHaveLength(50);
  expect(store.byCorrelation('successor')).toHaveLength(50);
});

test(`${PROCESSES} processes can open a file that does not exist yet at the same instant`, async () => {
  const folder = temporaryPath('many');
  const children = Array.from({ length: PROCESSES }, () => started('./opener-process.fixture.ts'));
  const answers = async () => {
    const messages = await Promise.all(children.map((child) => once(child, 'message')));
    return messages.map(([answer]) => answer);
  };
  await answers();
  for (let file = 0; file < 60; file += 1) {
    const opened = answers();
    for (const child of children) child.send(`${folder}/${file}.sqlite`);
    expect(new Set(await opened)).toEqual(new Set(['opened']));
  }
});
