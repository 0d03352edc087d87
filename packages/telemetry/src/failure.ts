// What a span says of an error, whatever was thrown. Describing an error must never raise another one in its place.
import { inspect } from 'node:util';

/** Longest text kept of an error's message; longer ones are cut. */
const MAX_MESSAGE_CHARACTERS = 1_024;

/** An error in words: `code` to group by, `message` to read. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  /** Where it was raised, when the error says so. */
  readonly stack?: string;
}

/** The `code` of an error that has one (ours, Node's), or else its name; `NonError` for thrown values of other kinds. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'NonError', message: cutMessage(text(error)) };
  const code =
    'code' in error && typeof error.code === 'string' && error.code !== '' ? error.code : text(error.name);
  const message = cutMessage(text(error.message));
  return typeof error.stack === 'string' ? { code, message, stack: error.stack } : { code, message };
}

/** `message`, cut to the 1_024 characters that are stored. */
export function cutMessage(message: string): string {
  return message.length <= MAX_MESSAGE_CHARACTERS ? message : `${message.slice(0, MAX_MESSAGE_CHARACTERS)}…`;
}

/** `String(value)` raises on objects without a prototype, and hides the others' content. */
function text(value: unknown): string {
  return typeof value === 'string' ? value : inspect(value, { depth: 1, customInspect: false });
}
