// JSON log lines that can be joined with the traces: each carries the ids of the async context it was written in.
import { type Logger, pino, stdTimeFunctions } from 'pino';
import { lineSink } from './line-sink.ts';

export type { Logger } from 'pino';

/** The levels a log can be opened at; `silent` writes nothing. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

export interface LogOptions {
  readonly service: string;
  readonly instance: string;
  readonly level: LogLevel;
  /** A file to append to; absent for standard error. */
  readonly path?: string | undefined;
  /** Called for each line written: what the line says of the context it is written in. */
  readonly contextFields: () => Readonly<Record<string, string>>;
}

export interface OpenLog {
  readonly log: Logger;
  /** Lines written later go nowhere. */
  close(): void;
}

/** @throws LogDestinationError `HF_LOG_DESTINATION`: the file cannot be opened */
export function openLog(options: LogOptions): OpenLog {
  const { service, instance, level, path, contextFields } = options;
  const sink = lineSink({
    path,
    onRecovered: (lostLines) =>
      log.warn({ lostLines }, `${lostLines} log lines before this one could not be written`),
  });
  const log = pino(
    {
      level,
      base: { service, instance, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      mixin: () => ({ ...contextFields() }),
    },
    sink,
  );
  return { log, close: sink.close };
}
