// Span ids: random as a rule, derived from a key where the same work may be recorded twice (after a crash, say).
import { createHash } from 'node:crypto';
import { formatTraceparent, parseTraceparent, type Traceparent } from '@holdfast/core';
import { type IdGenerator, RandomIdGenerator } from '@opentelemetry/sdk-trace';

/** The ids of one span. */
export interface SpanIds {
  /** 32 lowercase hex digits. */
  readonly traceId: string;
  /** 16 lowercase hex digits. */
  readonly spanId: string;
}

/**
 * The `traceparent` of the span that `Telemetry.record` makes for `key`, known before it is recorded: work that ends
 * first can be recorded as the child of work that ends later. The span id is the first 8 bytes of SHA-256 over trace
 * id and key; without a valid `parent` the trace id comes from the key, too. The sampling flag is the parent's, or
 * else set.
 */
export function recordedTraceparent(key: string, parent?: string): string {
  const { traceId, spanId } = recordedIds(key, parent);
  return formatTraceparent({ traceId, parentId: spanId, sampled: parsed(parent)?.sampled ?? true });
}

/** The ids behind {@link recordedTraceparent}. */
export function recordedIds(key: string, parent?: string): SpanIds {
  const traceId = parsed(parent)?.traceId ?? digest(key).slice(0, 32);
  return { traceId, spanId: digest(`${traceId}/${key}`).slice(0, 16) };
}

/** Random ids, except that a span started within `using` gets the ids given. */
export interface ChosenIds extends IdGenerator {
  using<T>(ids: SpanIds, start: () => T): T;
}

/** The SDK takes ids from a generator only; starting a span is synchronous, so one slot is enough. */
export function chosenIds(): ChosenIds {
  const random = new RandomIdGenerator();
  let chosen: SpanIds | undefined;
  return {
    generateTraceId: () => chosen?.traceId ?? random.generateTraceId(),
    generateSpanId: () => chosen?.spanId ?? random.generateSpanId(),
    using: (ids, start) => {
      chosen = ids;
      try {
        return start();
      } finally {
        chosen = undefined;
      }
    },
  };
}

function parsed(parent: string | undefined): Traceparent | undefined {
  return parent === undefined ? undefined : parseTraceparent(parent);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
