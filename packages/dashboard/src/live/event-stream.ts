/**
 * The shop's event stream, kept open. Browsers retry an EventSource by a fixed delay and never after an HTTP error;
 * this one backs off, says what it is doing, and also notices a stream that is open but silent.
 */
import type { LiveEvents } from '../contract.ts';
import { backoffMs, type Connection } from './connection.model.ts';

export interface EventStream {
  /** Tries now instead of when the wait is over. */
  reconnect(): void;
  close(): void;
}

export interface EventStreamOptions {
  readonly url: string;
  readonly onEvent: <K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]) => void;
  readonly onConnection: (connection: Connection) => void;
}

/** The shop speaks every second; after this much silence the stream is as good as gone. */
const SILENCE_MS = 6_000;
const KINDS: readonly (keyof LiveEvents)[] = ['hello', 'order', 'search', 'status', 'map'];

export function eventStream({ url, onEvent, onConnection }: EventStreamOptions): EventStream {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let failures = 0;

  const after = (ms: number, then: () => void): void => {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
  };
  const connect = (): void => {
    source?.close();
    onConnection({ kind: 'connecting' });
    const opened = new EventSource(url);
    source = opened;
    opened.onerror = lost;
    for (const kind of KINDS) {
      opened.addEventListener(kind, (message: MessageEvent<string>) => {
        after(SILENCE_MS, lost);
        if (kind === 'hello') {
          failures = 0;
          onConnection({ kind: 'live' });
        }
        onEvent(kind, JSON.parse(message.data));
      });
    }
    after(SILENCE_MS, lost);
  };
  const lost = (): void => {
    source?.close();
    failures += 1;
    const waitMs = backoffMs(failures, Math.random());
    onConnection({ kind: 'waiting', attempt: failures, retryAtMs: Date.now() + waitMs });
    after(waitMs, connect);
  };

  connect();
  return {
    reconnect: connect,
    close: () => {
      clearTimeout(timer);
      source?.close();
    },
  };
}
