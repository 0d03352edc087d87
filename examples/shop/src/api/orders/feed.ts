/** Follows the engine's feed of history events and keeps the orders' views: at most one page of work lost, none skipped. */
import type { OrderStep, OrderView } from '@holdfast/dashboard/contract';
import type { Telemetry } from '@holdfast/telemetry';
import { z } from 'zod';
import { pause } from './outbox.ts';
import { projectOrder, type SagaEvent, type TrackedOrder } from './projection.ts';
import type { OrderStore } from './store.ts';

const RECONNECT_MS = 300;
/** An event longer than this is not one of ours. */
const MAX_EVENT_CHARACTERS = 2_000_000;

const recordSchema = z.object({
  sequence: z.number().int(),
  executionName: z.string(),
  event: z.object({
    ...{ id: z.number(), previousEventId: z.number(), type: z.string(), timestamp: z.number() },
    details: z
      .object({ name: z.string().optional(), error: z.string().optional(), cause: z.string().optional() })
      .optional(),
  }),
});

export interface FeedOptions {
  readonly engineUrl: string;
  readonly store: OrderStore;
  readonly kinds: ReadonlyMap<string, OrderStep['kind']>;
  readonly telemetry: Telemetry;
  readonly onChange: (order: OrderView) => void;
  readonly signal: AbortSignal;
}

export async function followFeed(options: FeedOptions): Promise<void> {
  const { engineUrl, store, telemetry, signal } = options;
  while (!signal.aborted) {
    try {
      const response = await fetch(`${engineUrl}/holdfast/feed?after=${store.cursor()}`, { signal });
      if (!response.ok || response.body === null) throw new Error(`the feed answered ${response.status}`);
      let rest = '';
      for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
        const blocks = (rest + text).split('\n\n');
        rest = blocks.pop() ?? '';
        if (rest.length > MAX_EVENT_CHARACTERS) throw new Error('the feed sent an endless event');
        applyAll(blocks, options);
      }
    } catch (error) {
      if (!signal.aborted) telemetry.log.warn({ err: error }, 'the engine feed broke off; following again');
    }
    await pause(RECONNECT_MS, signal);
  }
}

/** One chunk of the stream, one transaction. */
function applyAll(blocks: readonly string[], { store, kinds, telemetry, onChange }: FeedOptions): void {
  const changed = new Map<string, TrackedOrder>();
  let cursor = 0;
  for (const block of blocks) {
    const data = block
      .split('\n')
      .filter((line) => line.startsWith('data:'))
      .map((line) => line.slice(5).trim())
      .join('\n');
    if (data === '') continue;
    const parsed = recordSchema.safeParse(JSON.parse(data));
    if (!parsed.success) {
      // Reading it again would give the same; the orders behind it must not wait for it.
      telemetry.log.error(
        { err: parsed.error, record: data.slice(0, 500) },
        'an event of the feed is not understood; skipped',
      );
      continue;
    }
    const record = parsed.data;
    cursor = record.sequence;
    const order = changed.get(record.executionName) ?? store.get(record.executionName);
    if (order !== undefined)
      changed.set(record.executionName, projectOrder(order, sagaEvent(record.event), kinds));
  }
  if (cursor === 0) return;
  store.project([...changed.values()], cursor);
  for (const order of changed.values()) onChange(order.view);
}

/** The fold needs three of an event's particulars. */
function sagaEvent({
  id,
  previousEventId,
  type,
  timestamp,
  details = {},
}: z.infer<typeof recordSchema>['event']): SagaEvent {
  const { name, error, cause } = details;
  return {
    ...{ id, previousEventId, type, atMs: timestamp },
    ...(name === undefined ? {} : { name }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  };
}
