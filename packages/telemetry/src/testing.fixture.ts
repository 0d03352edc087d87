// What several tests of this package need: a folder of their own, and spans with as little as the case is about.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { StoredSpan } from './span.ts';

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
