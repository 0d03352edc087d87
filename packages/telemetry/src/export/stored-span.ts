// From the SDK's finished span to the flat one that is stored.
import { type Attributes, SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { hrTimeToMilliseconds } from '@opentelemetry/core';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import {
  ATTR_ERROR_TYPE,
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
} from '@opentelemetry/semantic-conventions';
import { ATTR_CORRELATION_ID, ATTR_PEER } from '../attributes.ts';
import type { SpanKindName, StoredAttributes, StoredSpan } from '../span.ts';

const KIND_NAMES: Readonly<Record<SpanKind, SpanKindName>> = {
  [SpanKind.INTERNAL]: 'internal',
  [SpanKind.SERVER]: 'server',
  [SpanKind.CLIENT]: 'client',
  [SpanKind.PRODUCER]: 'producer',
  [SpanKind.CONSUMER]: 'consumer',
};

/** Longest name kept; names are meant to be few, like `POST /orders`. */
const MAX_NAME_CHARACTERS = 256;

/** Correlation id, peer and error code move from the attributes into fields of their own; the rest stays. Pure. */
export function storedSpan(span: ReadableSpan): StoredSpan {
  const { traceId, spanId } = span.spanContext();
  const {
    [ATTR_CORRELATION_ID]: correlationId,
    [ATTR_PEER]: peer,
    [ATTR_ERROR_TYPE]: errorType,
    ...attributes
  } = span.attributes;
  const resource = span.resource.attributes;
  const failed = span.status.code === SpanStatusCode.ERROR;
  return {
    traceId,
    spanId,
    ...(span.parentSpanContext === undefined ? {} : { parentSpanId: span.parentSpanContext.spanId }),
    ...(typeof correlationId === 'string' ? { correlationId } : {}),
    service: String(resource[ATTR_SERVICE_NAME] ?? 'unknown_service'),
    instance: String(resource[ATTR_SERVICE_INSTANCE_ID] ?? 'unknown'),
    name: span.name.slice(0, MAX_NAME_CHARACTERS),
    kind: KIND_NAMES[span.kind],
    ...(typeof peer === 'string' ? { peer } : {}),
    startMs: hrTimeToMilliseconds(span.startTime),
    durationMs: hrTimeToMilliseconds(span.duration),
    ...(failed ? { error: { code: String(errorType ?? 'Error'), message: span.status.message ?? '' } } : {}),
    attributes: flat(attributes),
    events: span.events.map((event) => ({
      name: event.name,
      atMs: hrTimeToMilliseconds(event.time),
      attributes: flat(event.attributes ?? {}),
    })),
  };
}

function flat(attributes: Attributes): StoredAttributes {
  const stored: Record<string, string | number | boolean> = {};
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      stored[key] = value;
    else if (value !== undefined && value !== null) stored[key] = JSON.stringify(value);
  }
  return stored;
}
