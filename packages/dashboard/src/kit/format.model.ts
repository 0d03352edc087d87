/** Numbers and times as a person reads them. Pure; one place, so that the page says the same thing everywhere. */

const MONEY = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'EUR' });
const COUNT = new Intl.NumberFormat('en-US');
const CLOCK = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const DATE_AND_CLOCK = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'medium' });

export function money(cents: number): string {
  return MONEY.format(cents / 100);
}

export function count(value: number): string {
  return COUNT.format(value);
}

/** `one` for exactly one, `one` + s otherwise, or `many` where the plural is its own word. */
export function plural(value: number, one: string, many: string = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

/** Milliseconds below one second, then seconds with a tenth, then minutes. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1_000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1_000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** A share as whole percent; never 0 % or 100 % for what is not quite none or all. */
export function percent(ratio: number): string {
  const rounded = Math.round(ratio * 100);
  if (rounded === 0 && ratio > 0) return '<1 %';
  if (rounded === 100 && ratio < 1) return '>99 %';
  return `${rounded} %`;
}

/** Calls per second, with a tenth while that still says something. */
export function perSecond(rate: number): string {
  if (rate > 0 && rate < 0.05) return '<0.1/s';
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

export function clock(atMs: number): string {
  return CLOCK.format(atMs);
}

/** With milliseconds, for lines that must be told apart. */
export function preciseClock(atMs: number): string {
  return `${CLOCK.format(atMs)}.${String(Math.floor(atMs % 1_000)).padStart(3, '0')}`;
}

export function dateAndClock(atMs: number): string {
  return DATE_AND_CLOCK.format(atMs);
}

/** How long ago, coarse on purpose: a list of these must not flicker. */
export function ago(atMs: number, nowMs: number): string {
  const seconds = Math.floor((nowMs - atMs) / 1_000);
  if (seconds < 5) return 'just now';
  if (seconds < 60) return `${Math.floor(seconds / 5) * 5} s ago`;
  if (seconds < 3_600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3_600)} h ago`;
  return `${Math.floor(seconds / 86_400)} d ago`;
}

/** A state's name as words: `ReservePayment` is "Reserve payment". */
export function stateWords(name: string): string {
  const words = name.replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** Names joined the way a sentence does. */
export function listed(names: readonly string[]): string {
  if (names.length <= 1) return names[0] ?? '';
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
