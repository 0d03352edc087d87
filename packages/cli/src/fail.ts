/** Ends the process with one clear line, for everything that is the caller's to mend. */

/** Prints `holdfast: <what>: <why>` on standard error and exits 1. */
export function fail(what: string, error?: unknown): never {
  const why = error instanceof Error ? `: ${error.message}` : '';
  process.stderr.write(`holdfast: ${what}${why}\n`);
  process.exit(1);
}
