/** RFC 3339 timestamps as States Language reads them: a capital `T`, and an offset that is `Z` or `±hh:mm`. */

/** A point in time, exact to the nanosecond, ordered by `epochMs` and then `nanos` (the rest below the millisecond). */
export interface Timestamp {
  readonly epochMs: number;
  readonly nanos: number;
}

const SHAPE = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|[+-](\d\d):(\d\d))$/;

/** The point in time `text` names, or undefined when it is no valid timestamp (thirteenth months included). */
export function parseTimestamp(text: string): Timestamp | undefined {
  const parts = SHAPE.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour, minute, second, fraction = '', offsetHour = '0', offsetMinute = '0'] =
    parts;
  const fields = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  const exists = fields.getUTCMonth() === Number(month) - 1 && fields.getUTCDate() === Number(day);
  const inDay = Number(hour) < 24 && Number(minute) < 60 && Number(second) < 60;
  if (!exists || !inDay || Number(offsetHour) > 18 || Number(offsetMinute) > 59) return undefined;
  const nanos = Number(fraction.padEnd(9, '0'));
  const zone = text.endsWith('Z') ? 'Z' : text.slice(-6);
  const wholeSecondMs = Date.parse(`${text.slice(0, 19)}${zone}`);
  return { epochMs: wholeSecondMs + Math.floor(nanos / 1e6), nanos: nanos % 1e6 };
}

/** Negative, zero or positive as `a` is before, at or after `b`. */
export function compareTimestamps(a: Timestamp, b: Timestamp): number {
  return a.epochMs - b.epochMs || a.nanos - b.nanos;
}

/** How the context object and messages print a time: `2026-11-23T20:06:20.123Z`. */
export function printTimestamp(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
