// The finished span as it is stored and shown: OpenTelemetry's span, flattened to plain JSON values.

/** OpenTelemetry's span kinds by name: who started the work, and whether somebody waits for it. */
export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** Scalars as they are; arrays as their JSON text. */
export type StoredAttributes = Readonly<Record<string, string | number | boolean>>;

/** Something that happened during a span. `atMs` is epoch ms. */
export interface StoredEvent {
  readonly name: string;
  readonly atMs: number;
  readonly attributes: StoredAttributes;
}

/** One finished span. Times are epoch ms with fractions. */
export interface StoredSpan {
  /** 32 lowercase hex digits. */
  readonly traceId: string;
  /** 16 lowercase hex digits, unique within the trace. */
  readonly spanId: string;
  /** Absent at the root; may name a span that was never stored (a caller outside, a span dropped or pruned). */
  readonly parentSpanId?: string;
  readonly correlationId?: string;
  readonly service: string;
  readonly instance: string;
  readonly name: string;
  readonly kind: SpanKindName;
  /** The service called, on client and producer spans. */
  readonly peer?: string;
  readonly startMs: number;
  readonly durationMs: number;
  /** Present exactly when the work failed. `code` is the error's `code`, or else its name. */
  readonly error?: { readonly code: string; readonly message: string };
  readonly attributes: StoredAttributes;
  readonly events: readonly StoredEvent[];
}
