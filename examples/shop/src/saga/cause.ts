/** A Lambda failure's cause is JSON; a person wants its message. */
export function plainCause(cause: string | undefined): string {
  if (cause === undefined) return '';
  try {
    const parsed: unknown = JSON.parse(cause);
    if (typeof parsed === 'object' && parsed !== null && 'errorMessage' in parsed)
      return String(parsed.errorMessage);
  } catch {
    // Not JSON: already words.
  }
  return cause.slice(0, 500);
}
