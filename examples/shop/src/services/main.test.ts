import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openTraceStore } from '@holdfast/telemetry';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ArgumentError, serviceArguments, USAGE } from './arguments.ts';
import { isServiceName, loadService, SERVICE_NAMES } from './registry.ts';
import { serviceProcess, serviceRun } from './testing/service-process.fixture.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-main-'));
  writeFileSync(join(folder, 'file'), '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const data = (name: string): string[] => ['--service', 'payment', '--data', join(folder, name)];

test.each<[args: string[], message: string]>([
  [
    ['--data', 'x'],
    '--service must be one of payment, inventory, shipping, products, history, recommendations, analytics, partner, but is ""',
  ],
  [
    ['--service', 'shop', '--data', 'x'],
    '--service must be one of payment, inventory, shipping, products, history, recommendations, analytics, partner, but is "shop"',
  ],
  [['--service', 'payment'], '--data FOLDER is missing: where the service keeps its store'],
  [[...data('x'), '--port', '65536'], '--port must be a whole number from 0 to 65535, but is "65536"'],
  [[...data('x'), '--port', ''], '--port must be a whole number from 0 to 65535, but is ""'],
  [[...data('x'), '--seed', '1.5'], '--seed must be a whole number from 0 to 4294967295, but is "1.5"'],
  [[...data('x'), '--latency-scale', '-1'], "--latency-scale' argument is ambiguous"],
  [[...data('x'), '--latency-scale=-1'], '--latency-scale must be a number from 0 to 100, but is "-1"'],
  [[...data('x'), '--colour', 'red'], "Unknown option '--colour'"],
])('%j is refused', (args, message) => {
  expect(() => serviceArguments(args)).toThrow(ArgumentError);
  expect(() => serviceArguments(args)).toThrow(message);
});

test('defaults, and every option', () => {
  const common = { service: 'payment', dataFolder: 'd', tracesFile: undefined, logFile: undefined };
  expect(serviceArguments(['--service', 'payment', '--data', 'd'])).toEqual({
    ...common,
    port: 0,
    seed: 1,
    latencyScale: 1,
    chaos: false,
  });
  const all = [
    '--port',
    '81',
    '--seed',
    '0',
    '--latency-scale',
    '0.1',
    '--chaos',
    '--traces',
    't',
    '--log',
    'l',
  ];
  expect(serviceArguments(['--service', 'payment', '--data', 'd', ...all])).toEqual({
    ...common,
    port: 81,
    seed: 0,
    latencyScale: 0.1,
    chaos: true,
    tracesFile: 't',
    logFile: 'l',
  });
  expect(serviceArguments(['--help'])).toBe('help');
});

test('every service loads by its name and tier', async () => {
  const loaded = await Promise.all(SERVICE_NAMES.map(loadService));
  expect(loaded.map(({ name }) => name)).toEqual(SERVICE_NAMES);
  expect(loaded.map(({ tier }) => tier)).toEqual([
    ...[
      'critical',
      'critical',
      'critical',
      'standard',
      'standard',
      'non-critical',
      'non-critical',
      'non-critical',
    ],
  ]);
  expect([isServiceName('payment'), isServiceName('toString')]).toEqual([true, false]);
});

test.each<[why: string, args: () => string[], line: RegExp]>([
  [
    'a folder that cannot be written',
    () => data('file'),
    /^cannot use the store .*payment\.sqlite \(.*\); choose a folder that can be written with --data\n$/,
  ],
  [
    'a log that cannot be written',
    () => [...data('log'), '--log', join(folder, 'file', 'log')],
    /^[^\n]*log[^\n]*\n$/,
  ],
  ['an unknown service', () => ['--service', 'x', '--data', folder], /^--service must be one of [^\n]*\n$/],
])('%s is one clear line and exit code 1', async (_why, args, line) => {
  const { code, stderr } = await serviceRun(args());
  expect(stderr).toMatch(line);
  expect(code).toBe(1);
});

test('a port in use is one clear line and exit code 1', async () => {
  await using server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : 0;
  const { code, stderr } = await serviceRun([...data('port'), '--port', String(port)]);
  expect([code, stderr]).toEqual([
    1,
    `port ${port} on 127.0.0.1 is in use; end what listens there or choose another with --port\n`,
  ]);
});

test('--help explains', async () => {
  expect(await serviceRun(['--help'])).toMatchObject({ code: 0, stdout: USAGE, stderr: '' });
});

test('serves, and ends cleanly on SIGTERM, its log and spans written', async () => {
  const [traces, log] = [join(folder, 'traces.sqlite'), join(folder, 'sigterm.log')];
  const service = await serviceProcess([...data('sigterm'), '--traces', traces, '--log', log]);
  const answer = await fetch(`${service.url}/health`, { headers: { 'x-correlation-id': 'end-1' } });
  expect(await answer.json()).toEqual({ service: 'payment', tier: 'critical', ok: true, pid: service.pid });
  const askedAt = performance.now();
  expect(await service.end('SIGTERM')).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect(performance.now() - askedAt).toBeLessThan(2_500);
  const lines = readFileSync(log, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines.map(({ msg }) => msg)).toEqual(['ready', 'request', 'ending']);
  using store = openTraceStore(traces);
  expect(store.byCorrelation('end-1')).toEqual([
    expect.objectContaining({ name: 'GET /health', service: 'payment' }),
  ]);
});

test('ends when its supervisor has gone, even while a request hangs', async () => {
  const service = await serviceProcess([...data('orphan'), '--chaos', '--log', join(folder, 'orphan.log')]);
  const hang = { errorRatio: 0, declineRatio: 0, lostAnswerRatio: 0, extraLatencyMs: 0, hang: true };
  await fetch(`${service.url}/chaos`, {
    method: 'PUT',
    body: JSON.stringify(hang),
    headers: { 'content-type': 'application/json' },
  });
  const hanging = fetch(`${service.url}/nothing`).then(
    () => 'answered',
    () => 'broken off',
  );
  service.disconnect();
  expect(await service.ended()).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
  expect(await hanging).toBe('broken off');
});

test('a crash on request is a SIGKILL, and only with --chaos', async () => {
  const service = await serviceProcess([...data('crash'), '--chaos', '--log', join(folder, 'crash.log')]);
  expect((await fetch(`${service.url}/chaos/crash`, { method: 'POST' })).status).toBe(202);
  expect(await service.ended()).toMatchObject({ code: null, signal: 'SIGKILL' });
});
