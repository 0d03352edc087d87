/**
 * A search answer that is useful before it is complete: the best matches as soon as they are known,
 * the rest at the end, so that a caller whose deadline passes in between keeps a partial answer.
 */
import { stream } from 'hono/streaming';
import type { Work } from './latency.ts';
import type { ServiceContext, ServiceRequest } from './service.ts';

export interface FoundItem {
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
  /** 0..1, 1 is a perfect match. */
  readonly relevance: number;
}

/** Share of the latency after which the first half of the items is sent. */
const FIRST_BATCH_AT = 0.6;

/** Streams `items`, best first: `{"items":[…]}` twice (once when there are fewer than two), then `{"done":true}`. */
export function streamFound(
  request: ServiceRequest,
  context: ServiceContext,
  work: Work,
  find: () => readonly FoundItem[],
): Response {
  const totalMs = context.latencyMs(work);
  // Found before the status goes out, so that a failing store is still a problem document.
  const items = find();
  request.header('content-type', 'application/x-ndjson');
  return stream(request, async (output) => {
    const gone = new AbortController();
    output.onAbort(() => gone.abort());
    const half = Math.ceil(items.length / 2);
    await context.pause(totalMs * FIRST_BATCH_AT, gone.signal);
    if (half > 0) await output.write(line({ items: items.slice(0, half) }));
    await context.pause(totalMs * (1 - FIRST_BATCH_AT), gone.signal);
    if (items.length > half) await output.write(line({ items: items.slice(half) }));
    await output.write(line({ done: true }));
  });
}

function line(value: object): string {
  return `${JSON.stringify(value)}\n`;
}
