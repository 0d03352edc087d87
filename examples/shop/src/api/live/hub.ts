/** Fans live events out to the open pages. A page that does not keep up is cut off; it reconnects and reads afresh. */
import type { LiveEvents } from '@holdfast/dashboard/contract';

/** Pages open at once. */
export const MAX_PAGES = 32;
/** Bytes that may wait for one page. */
const MAX_WAITING_BYTES = 1_000_000;

export interface Hub {
  readonly pages: number;
  publish<K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]): void;
  /** An event stream that begins with `first`; undefined when the house is full. */
  open(first: string): ReadableStream<Uint8Array> | undefined;
  close(): void;
}

export function liveEvent<K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]): string {
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

export function liveHub(): Hub {
  const encoder = new TextEncoder();
  const pages = new Set<ReadableStreamDefaultController<Uint8Array>>();
  const leave = (page: ReadableStreamDefaultController<Uint8Array>): void => {
    if (!pages.delete(page)) return;
    try {
      page.close();
    } catch {
      // The reader went first.
    }
  };
  return {
    get pages(): number {
      return pages.size;
    },
    publish: (kind, data) => {
      if (pages.size === 0) return;
      const bytes = encoder.encode(liveEvent(kind, data));
      for (const page of pages) {
        if ((page.desiredSize ?? 0) < bytes.length) leave(page);
        else page.enqueue(bytes);
      }
    },
    open: (first) => {
      if (pages.size >= MAX_PAGES) return undefined;
      let own: ReadableStreamDefaultController<Uint8Array> | undefined;
      return new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            own = controller;
            pages.add(controller);
            controller.enqueue(encoder.encode(`retry: 1000\n\n${first}`));
          },
          cancel: () => {
            if (own !== undefined) pages.delete(own);
          },
        },
        new ByteLengthQueuingStrategy({ highWaterMark: MAX_WAITING_BYTES }),
      );
    },
    close: () => {
      for (const page of [...pages]) leave(page);
    },
  };
}
