/**
 * Group commit: everything that wants to be written in one turn of the event loop shares one transaction and so one
 * fsync. Nothing is acknowledged, called or shown before the transaction that holds it is on disk.
 */
import type { Runtime } from '@holdfast/core';
import { EngineUnavailableError, RequestRefusedError } from './errors.ts';

/** Work done inside the transaction; what it returns is run after the commit. */
export type Work = () => () => void;

export interface CommitQueue {
  /** A request of a caller: refused when the journal cannot be written. Resolves after the commit. */
  request<T>(work: () => T, committed?: (result: T) => void): Promise<T>;
  /** Something that happened and must not be lost: tried again until it is written. */
  must(work: Work): void;
  /** Writes what is waiting and takes nothing more. */
  close(): void;
}

export interface CommitQueueOptions {
  readonly runtime: Runtime;
  readonly transaction: <T>(work: () => T) => T;
  /** Runs before each batch: forget what a batch that failed had staged. */
  readonly begin: () => void;
  /** Runs after each commit, before the callers hear of it. */
  readonly committed: () => void;
  readonly failed: (error: unknown, waiting: number) => void;
}

interface Item {
  readonly run: Work;
  /** Set for requests: told when the work is refused or the commit failed. */
  readonly reject?: (error: unknown) => void;
}

/** Items of one transaction at most, so that the first caller does not wait for the last of a long queue. */
const MAX_BATCH = 512;
const RETRY_MS = 250;
/** Requests beyond this many are refused at once instead of waiting for a disk that cannot keep up. */
const MAX_WAITING = 10_000;

export function commitQueue(options: CommitQueueOptions): CommitQueue {
  let queue: Item[] = [];
  let scheduled = false;
  let closed = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(flush);
  };
  const flush = (): void => {
    scheduled = false;
    if (queue.length === 0) return;
    const batch = queue.slice(0, MAX_BATCH);
    queue = queue.slice(MAX_BATCH);
    if (commit(batch) && queue.length > 0) schedule();
  };
  const commit = (batch: readonly Item[]): boolean => {
    let after: (() => void)[];
    try {
      options.begin();
      after = options.transaction(() => batch.flatMap((item) => attempt(item)));
    } catch (error) {
      giveUp(batch, error);
      return false;
    }
    options.committed();
    for (const run of after) run();
    return true;
  };
  /** The disk said no: callers are told, everything else waits and is tried again. */
  const giveUp = (batch: readonly Item[], error: unknown): void => {
    const kept = batch.filter((item) => item.reject === undefined);
    const unavailable = new EngineUnavailableError('the journal could not be written; nothing was accepted', {
      cause: error,
    });
    for (const item of batch) item.reject?.(unavailable);
    queue = [...kept, ...queue];
    options.failed(error, queue.length);
    if (closed || queue.length === 0) return;
    scheduled = true;
    options.runtime.schedule(RETRY_MS, flush);
  };
  const add = (item: Item): void => {
    queue.push(item);
    schedule();
  };
  return {
    request: (work, committed) =>
      new Promise((resolve, reject) => {
        const refusal = closed
          ? 'the engine is closing'
          : queue.length >= MAX_WAITING
            ? 'too many requests wait for the disk'
            : undefined;
        if (refusal !== undefined)
          return reject(new EngineUnavailableError(`${refusal}; nothing was accepted`));
        const run: Work = () => {
          const result = work();
          return () => {
            committed?.(result);
            resolve(result);
          };
        };
        add({ run, reject });
      }),
    must: (run) => {
      if (!closed) add({ run });
    },
    close: () => {
      closed = true;
      while (queue.length > 0) {
        const batch = queue;
        queue = [];
        if (!commit(batch)) return;
      }
    },
  };
}

/** A refused request writes nothing and does not disturb the others of its batch. */
function attempt(item: Item): readonly (() => void)[] {
  try {
    return [item.run()];
  } catch (error) {
    if (item.reject === undefined || !(error instanceof RequestRefusedError)) throw error;
    const { reject } = item;
    return [() => reject(error)];
  }
}
