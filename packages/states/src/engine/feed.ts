/** The feed: every history event of every execution in commit order, readable from any position, live at the end. */
import type { Journal } from './journal.ts';
import type { EventRecord } from './options.ts';
import { present } from './present.ts';
import type { FeedRow } from './rows.ts';

/** Steps read at once while catching up: the most a reader keeps in memory. */
const PAGE_STEPS = 200;

export interface Feed {
  /** Wakes the readers that wait at the end. */
  committed(): void;
  /** Events after sequence `after`; goes on for ever, until `signal` aborts or the feed closes. */
  read(after: number, signal?: AbortSignal): AsyncGenerator<EventRecord, void>;
  close(): void;
}

export function feedOf(journal: Pick<Journal, 'feed'>): Feed {
  const waiting = new Set<() => void>();
  let commits = 0;
  let closed = false;
  const wake = (): void => {
    commits += 1;
    for (const resolve of waiting) resolve();
    waiting.clear();
  };
  const nextCommit = (signal: AbortSignal | undefined): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        waiting.delete(done);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      waiting.add(done);
      signal?.addEventListener('abort', done, { once: true });
    });
  const ended = (signal: AbortSignal | undefined): boolean => closed || signal?.aborted === true;

  async function* read(after: number, signal?: AbortSignal): AsyncGenerator<EventRecord, void> {
    let next = after + 1;
    while (!ended(signal)) {
      const commitsBefore = commits;
      const rows = journal.feed(next, PAGE_STEPS);
      for (const row of rows) {
        for (const record of recordsOf(row, next)) {
          yield record;
          if (ended(signal)) return;
        }
        // A step without events takes one sequence too.
        next = Math.max(next, row.sequence + Math.max(1, row.events.length));
      }
      if (rows.length < PAGE_STEPS && commits === commitsBefore && !ended(signal)) await nextCommit(signal);
    }
  }
  return {
    committed: wake,
    read,
    close: () => {
      closed = true;
      wake();
    },
  };
}

function recordsOf(row: FeedRow, from: number): readonly EventRecord[] {
  const records = row.events.map((event, i) => ({
    sequence: row.sequence + i,
    executionArn: row.executionArn,
    executionName: row.executionName,
    stateMachineName: row.stateMachineName,
    correlationId: row.correlationId,
    ...present({ traceparent: row.traceparent }),
    event,
  }));
  return records.filter(({ sequence }) => sequence >= from);
}
