// Where log lines go: written at once, so that a killed process loses none, but never at the price of the service.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { blockingWait } from '../blocking-wait.ts';
import { LogDestinationError } from '../errors.ts';

/** Standard error, the default destination. */
const STDERR = 2;
/** A full pipe is tried again this often, this far apart: at most 100 ms for a line, once until the pipe moves again. */
const MAX_WAITS = 20;
const WAIT_MS = 5;

/** Writes one string to a file descriptor and returns how many bytes it took; `fs.writeSync`, or a test's. */
export type WriteBytes = (fd: number, bytes: Uint8Array) => number;

export interface LineSinkOptions {
  /** A file to append to, created with its folder where missing; absent for standard error. */
  readonly path?: string | undefined;
  /** Told after a line got through again how many were lost before it. */
  readonly onRecovered: (lostLines: number) => void;
  /** Default `fs.writeSync`. */
  readonly writeBytes?: WriteBytes;
  /** Waits without giving up the thread. Default `blockingWait`. */
  readonly wait?: (ms: number) => void;
}

export interface LineSink {
  /** Writes one line, its newline included. Never throws: a line that cannot be written is lost and counted. */
  write(line: string): void;
  close(): void;
}

/**
 * A synchronous line writer. A full disk, a closed pipe or a reader that stopped reading costs lines, not the
 * service: lost lines are counted and reported once lines get through again. A line torn by a failed write is closed
 * with a newline before the next, so that the file stays readable line by line. The file grows without a bound of
 * its own; rotate it from outside by copy and truncate (the file is opened for appending).
 * @throws LogDestinationError `HF_LOG_DESTINATION`: the file cannot be opened
 */
export function lineSink(options: LineSinkOptions): LineSink {
  const { path, onRecovered, writeBytes = writeSync, wait = blockingWait } = options;
  const fd = path === undefined ? STDERR : openForAppending(path);
  let open = true;
  let lost = 0;
  let torn = false;

  return {
    write: (line) => {
      if (!open) return;
      const bytes = Buffer.from(torn ? `\n${line}` : line);
      const written = writeAll((rest) => writeBytes(fd, rest), bytes, lost > 0 ? 0 : MAX_WAITS, wait);
      if (written < bytes.length) {
        torn ||= written > 0;
        lost += 1;
        return;
      }
      torn = false;
      if (lost === 0) return;
      const lostLines = lost;
      lost = 0;
      onRecovered(lostLines);
    },
    close: () => {
      if (!open) return;
      open = false;
      if (fd !== STDERR) closeSync(fd);
    },
  };
}

function openForAppending(path: string): number {
  try {
    mkdirSync(dirname(path), { recursive: true });
    return openSync(path, 'a');
  } catch (error) {
    throw new LogDestinationError(path, error);
  }
}

/** Returns how many bytes were written; fewer than all when the destination refused the rest. */
function writeAll(
  write: (rest: Uint8Array) => number,
  bytes: Uint8Array,
  maxWaits: number,
  wait: (ms: number) => void,
): number {
  let written = 0;
  let waits = 0;
  while (written < bytes.length) {
    try {
      written += write(bytes.subarray(written));
    } catch (error) {
      const full = error instanceof Error && 'code' in error && error.code === 'EAGAIN';
      if (!full || waits >= maxWaits) return written;
      waits += 1;
      wait(WAIT_MS);
    }
  }
  return written;
}
