/** The `traceparent` header of the W3C Recommendation "Trace Context" (Level 1, 2021), section 3.2. */

export interface Traceparent {
  /** 32 lowercase hex digits, not all zero. */
  readonly traceId: string;
  /** 16 lowercase hex digits, not all zero: the span that made the call. */
  readonly parentId: string;
  /** Whether the caller recorded its trace. */
  readonly sampled: boolean;
}

const VERSION_00 = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Anything longer is refused unread; the known fields take 55 characters. */
const MAX_LENGTH = 512;

/**
 * Answers `undefined` for everything that the Recommendation calls invalid: wrong shape or letter case, all-zero ids,
 * version `ff`, extra fields in version `00`. Of higher versions it reads the fields that version `00` has.
 */
export function parseTraceparent(header: string): Traceparent | undefined {
  if (header.length > MAX_LENGTH) return undefined;
  const [, version, traceId, parentId, flags, rest] = VERSION_00.exec(header.trim()) ?? [];
  if (traceId === undefined || parentId === undefined || flags === undefined) return undefined;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(parentId)) return undefined;
  return { traceId, parentId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

/** Writes version `00`, the only one that the Recommendation defines. */
export function formatTraceparent(traceparent: Traceparent): string {
  return `00-${traceparent.traceId}-${traceparent.parentId}-${traceparent.sampled ? '01' : '00'}`;
}
