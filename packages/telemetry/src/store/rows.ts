// Between spans and SQLite rows, in both directions, reading defensively: the file outlives the code that wrote it.
import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { CallSample } from '../map/service-map.ts';
import type { SummaryItem } from '../map/trace-summary.ts';
import type { SpanKindName, StoredAttributes, StoredEvent, StoredSpan } from '../span.ts';

/** A row as node:sqlite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/** The columns of a whole span, in the order of {@link spanValues}. */
export const SPAN_COLUMNS: readonly string[] = [
  'trace_id',
  'span_id',
  'parent_span_id',
  'correlation_id',
  'service',
  'instance',
  'name',
  'kind',
  'peer',
  'start_ms',
  'duration_ms',
  'end_ms',
  'error_code',
  'error_message',
  'attributes',
  'events',
];

export function spanValues(span: StoredSpan): SQLInputValue[] {
  return [
    span.traceId,
    span.spanId,
    span.parentSpanId ?? null,
    span.correlationId ?? null,
    span.service,
    span.instance,
    span.name,
    span.kind,
    span.peer ?? null,
    span.startMs,
    span.durationMs,
    span.startMs + span.durationMs,
    span.error?.code ?? null,
    span.error?.message ?? null,
    JSON.stringify(span.attributes),
    JSON.stringify(span.events),
  ];
}

export function spanFromRow(row: Row): StoredSpan {
  const parentSpanId = optional(row, 'parent_span_id');
  const correlationId = optional(row, 'correlation_id');
  const peer = optional(row, 'peer');
  const code = optional(row, 'error_code');
  return {
    traceId: text(row, 'trace_id'),
    spanId: text(row, 'span_id'),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    service: text(row, 'service'),
    instance: text(row, 'instance'),
    name: text(row, 'name'),
    kind: kind(row),
    ...(peer === undefined ? {} : { peer }),
    startMs: number(row, 'start_ms'),
    durationMs: number(row, 'duration_ms'),
    ...(code === undefined ? {} : { error: { code, message: optional(row, 'error_message') ?? '' } }),
    attributes: parseAttributes(JSON.parse(text(row, 'attributes'))),
    events: parseEvents(JSON.parse(text(row, 'events'))),
  };
}

export function callFromRow(row: Row): CallSample {
  const peer = optional(row, 'peer');
  return {
    service: text(row, 'service'),
    kind: kind(row),
    ...(peer === undefined ? {} : { peer }),
    durationMs: number(row, 'duration_ms'),
    failed: row['error_code'] !== null,
  };
}

export function summaryFromRow(row: Row): SummaryItem {
  const parentSpanId = optional(row, 'parent_span_id');
  const correlationId = optional(row, 'correlation_id');
  return {
    traceId: text(row, 'trace_id'),
    spanId: text(row, 'span_id'),
    ...(parentSpanId === undefined ? {} : { parentSpanId }),
    ...(correlationId === undefined ? {} : { correlationId }),
    service: text(row, 'service'),
    name: text(row, 'name'),
    startMs: number(row, 'start_ms'),
    durationMs: number(row, 'duration_ms'),
    failed: row['error_code'] !== null,
  };
}

const KINDS: readonly SpanKindName[] = ['internal', 'server', 'client', 'producer', 'consumer'];

function kind(row: Row): SpanKindName {
  return KINDS.find((name) => name === row['kind']) ?? 'internal';
}

function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`column ${column} holds ${typeof value}, not text`);
  return value;
}

function number(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`column ${column} holds ${typeof value}, not a number`);
  return value;
}

function optional(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

function parseAttributes(value: unknown): StoredAttributes {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(isScalarEntry));
}

function parseEvents(value: unknown): readonly StoredEvent[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((event: unknown) =>
    isRecord(event) && typeof event['name'] === 'string' && typeof event['atMs'] === 'number'
      ? [{ name: event['name'], atMs: event['atMs'], attributes: parseAttributes(event['attributes']) }]
      : [],
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalarEntry(entry: [string, unknown]): entry is [string, string | number | boolean] {
  return ['string', 'number', 'boolean'].includes(typeof entry[1]);
}
