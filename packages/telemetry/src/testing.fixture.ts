// What several tests of this package need: a folder of their own, and spans with as little as the case is about.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StoredSpan } from './span.ts';
import { openTraceStore } from './store/trace-store.ts';
import { startTelemetry, type Telemetry, type TelemetryOptions } from './telemetry.ts';

/** A caller's trace and span. */
export const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
export const CALLER = '00f067aa0ba902b7';

/** A path in a new folder that is removed when the test has finished. */
export function temporaryPath(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'holdfast-telemetry-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return join(folder, name);
}

/** The `number`th span of a test: ids and start follow from the number. */
export function spanNumber(number: number, changes: Partial<StoredSpan> = {}): StoredSpan {
  return {
    traceId: hex(number, 32),
    spanId: hex(number, 16),
    service: 'shop',
    instance: '1',
    name: `span ${number}`,
    kind: 'internal',
    startMs: 1_000 * number,
    durationMs: 10,
    attributes: {},
    events: [],
    ...changes,
  };
}

/** `number` in hex digits, filled up with zeros. */
export function hex(number: number, digits: number): string {
  return number.toString(16).padStart(digits, '0');
}

/** Telemetry on files of its own, with readers for both. */
export interface Started {
  readonly telemetry: Telemetry;
  readonly traceFile: string;
  /** What is stored of a correlation id, after a flush. */
  spans(correlationId: string): Promise<readonly StoredSpan[]>;
  /** The log so far. */
  lines(): readonly Readonly<Record<string, unknown>>[];
}

/** Starts telemetry as service `shop`, instance `a`, unless `options` say otherwise; disposed with the test. */
export function started(options: Partial<TelemetryOptions> = {}): Started {
  const traceFile = options.traceFile ?? temporaryPath('traces.sqlite');
  const logDestination = temporaryPath('service.log');
  const telemetry = startTelemetry({ service: 'shop', instance: 'a', traceFile, logDestination, ...options });
  onTestFinished(async () => telemetry[Symbol.asyncDispose]());
  return {
    telemetry,
    traceFile,
    spans: async (correlationId: string) => {
      await telemetry.flush();
      using store = openTraceStore(traceFile);
      return store.byCorrelation(correlationId);
    },
    lines: () =>
      readFileSync(logDestination, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
}
