// What a span says of an error, whatever was thrown.

/** Longest text kept of an error's message; longer ones are cut. */
const MAX_MESSAGE_CHARACTERS = 1_024;

/** An error in two strings: `code` to group by, `message` to read. */
export interface Failure {
  readonly code: string;
  readonly message: string;
}

/** The `code` of an error that has one (ours, Node's), or else its name; `NonError` for thrown values of other kinds. */
export function failureOf(error: unknown): Failure {
  if (!(error instanceof Error)) return { code: 'NonError', message: cutMessage(String(error)) };
  const code =
    'code' in error && typeof error.code === 'string' && error.code !== '' ? error.code : error.name;
  return { code, message: cutMessage(error.message) };
}

/** `message`, cut to the 1_024 characters that are stored. */
export function cutMessage(message: string): string {
  return message.length <= MAX_MESSAGE_CHARACTERS ? message : `${message.slice(0, MAX_MESSAGE_CHARACTERS)}…`;
}
