import { existsSync, mkdirSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { openTraceStore } from './store/trace-store.ts';
import { startTelemetry } from './telemetry.ts';
import { CALLER, started, TRACE, temporaryPath } from './testing.fixture.ts';

test('without a trace file spans carry the trace on and nothing is stored', async () => {
  const telemetry = startTelemetry({ service: 'shop', logLevel: 'silent' });
  await telemetry.serve('GET /', { traceparent: `00-${TRACE}-${CALLER}-01` }, {}, async (scope) => {
    expect(scope.headers()['traceparent']).toMatch(new RegExp(`^00-${TRACE}-(?!${CALLER})[0-9a-f]{16}-01$`));
  });
  await telemetry.flush();
  await telemetry[Symbol.asyncDispose]();
  expect(telemetry.droppedSpans()).toBe(0);
});

test('disposing stores what waits; afterwards work still runs, unrecorded', async () => {
  const { telemetry, traceFile, lines } = started();
  await telemetry.serve('before', { 'x-correlation-id': 'order-7' }, {}, async () => {});
  await Promise.all([telemetry[Symbol.asyncDispose](), telemetry[Symbol.asyncDispose]()]);
  const after = telemetry.serve('after', { 'x-correlation-id': 'order-7' }, {}, async () => 'done');
  expect(await after).toBe('done');
  telemetry.log.error('late');
  await telemetry.flush();
  using store = openTraceStore(traceFile);
  expect(store.byCorrelation('order-7').map(({ name }) => name)).toEqual(['before']);
  expect(lines()).toEqual([]);
});

test('a trace file that breaks costs spans and one log line, not the work', async () => {
  const { telemetry, traceFile, lines } = started();
  using database = new DatabaseSync(traceFile);
  database.exec('DROP TABLE spans');
  for (const work of ['one', 'two', 'three']) {
    expect(await telemetry.span(work, {}, async () => work)).toBe(work);
    await telemetry.flush();
  }
  expect(telemetry.droppedSpans()).toBe(3);
  expect(lines()).toMatchObject([
    {
      level: 'warn',
      dropped: 1,
      reasons: { 'store-unavailable': 1 },
      err: { code: 'HF_TRACE_STORE_UNAVAILABLE' },
    },
  ]);
  await telemetry[Symbol.asyncDispose]();
  expect(lines()[1]).toMatchObject({ level: 'warn', dropped: 2 });
});

test('only lines of the level and above are written', () => {
  const { telemetry, lines } = started({ logLevel: 'warn' });
  telemetry.log.info('no');
  telemetry.log.warn('yes');
  expect(lines().map(({ msg }) => msg)).toEqual(['yes']);
});

test.each([
  { field: 'service', options: { service: '' } },
  { field: 'service', options: { service: 'x'.repeat(129) } },
  { field: 'instance', options: { service: 'shop', instance: '' } },
  { field: 'logLevel', options: { service: 'shop', logLevel: 'loud' } },
  { field: 'maxSpans', options: { service: 'shop', traceFile: ':memory:', maxSpans: 0 } },
])('refuses a bad $field', ({ field, options }) => {
  expect(() => startTelemetry(options)).toThrow(
    expect.objectContaining({ code: 'HF_INVALID_OPTIONS', field }),
  );
});

test.each([
  { name: 'trace file', code: 'HF_TRACE_STORE_UNAVAILABLE', option: 'traceFile' },
  { name: 'log file', code: 'HF_LOG_DESTINATION', option: 'logDestination' },
])('a $name that cannot be opened is refused by its path', ({ code, option }) => {
  const path = temporaryPath('folder');
  mkdirSync(path);
  expect(() => startTelemetry({ service: 'shop', [option]: path })).toThrow(
    expect.objectContaining({ code, path }),
  );
});

test('a start that fails leaves nothing open', () => {
  const traceFile = temporaryPath('traces.sqlite');
  const logDestination = temporaryPath('folder');
  mkdirSync(logDestination);
  expect(() => startTelemetry({ service: 'shop', traceFile, logDestination })).toThrow();
  expect(existsSync(traceFile)).toBe(true);
  expect(existsSync(`${traceFile}-wal`), 'SQLite removes it when the last connection closes').toBe(false);
});
