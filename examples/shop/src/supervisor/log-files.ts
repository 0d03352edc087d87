/**
 * Bounds the log files: once one is over its size, what it holds moves to `<name>.old` and it starts
 * anew. Copied and truncated rather than renamed, since the processes keep their files open to append.
 */
import { copyFile, readdir, stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';

const MAX_BYTES = 20_000_000;
const INTERVAL_MS = 15_000;

/** Looks after every file of the folder until disposed. */
export function boundLogs(folder: string, maxBytes: number = MAX_BYTES): Disposable {
  const timer = setInterval(() => void trimLogs(folder, maxBytes), INTERVAL_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** One look. A file that cannot be read or trimmed now is tried at the next look. */
export async function trimLogs(folder: string, maxBytes: number): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names) {
    if (name.endsWith('.old')) continue;
    const file = join(folder, name);
    try {
      if ((await stat(file)).size <= maxBytes) continue;
      await copyFile(file, `${file}.old`);
      await truncate(file);
    } catch {
      // Gone or locked in between.
    }
  }
}
