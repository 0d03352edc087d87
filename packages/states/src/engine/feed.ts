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

export function feedOf(journal: Journal): Feed {
  const waiting = new Set<() => void>();
  let closed = false;
  const wake = (): void => {
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
    let position = after;
    while (!ended(signal)) {
      const rows = journal.feed(position + 1, PAGE_STEPS);
      for (const record of rows.flatMap(recordsOf)) {
        if (record.sequence <= position) continue;
        if (ended(signal)) return;
        position = record.sequence;
        yield record;
      }
      if (rows.length < PAGE_STEPS && !ended(signal) && position + 1 >= journal.nextSequence())
        await nextCommit(signal);
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

function recordsOf(row: FeedRow): readonly EventRecord[] {
  return row.events.map((event, i) => ({
    sequence: row.sequence + i,
    executionArn: row.executionArn,
    executionName: row.executionName,
    stateMachineName: row.stateMachineName,
    correlationId: row.correlationId,
    ...present({ traceparent: row.traceparent }),
    event,
  }));
}
