/** A client as it should be: every order has its own idempotency key and is sent again until it is accepted. */
import type { OrderRequest, OrderView, SearchAnswer } from '@holdfast/dashboard/contract';
import { readJson } from '../process/json.ts';

/** How long one order is sent again and again before the client gives up. */
const PATIENCE_MS = 60_000;
const ATTEMPT_MS = 5_000;

export interface ShopClient {
  /** @throws Error when the order was refused (4xx) or nobody accepted it in a minute. */
  order(request: OrderRequest, key: string): Promise<OrderView>;
  /** With the time it took as the client measured it; an answer that never came counts as endless. */
  search(
    query: string,
    customerId: string,
  ): Promise<{ readonly answer: SearchAnswer | undefined; readonly tookMs: number }>;
  get<T>(path: string): Promise<T>;
  put(path: string, body: unknown): Promise<void>;
}

export function shopClient(url: string): ShopClient {
  const get = async <T>(path: string): Promise<T> => {
    const response = await fetch(`${url}${path}`, { signal: AbortSignal.timeout(ATTEMPT_MS) });
    if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`);
    return await readJson<T>(response);
  };
  return {
    get,
    order: async (request, key) => {
      const giveUpAt = performance.now() + PATIENCE_MS;
      for (;;) {
        const response = await fetch(`${url}/api/orders`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'idempotency-key': key },
          body: JSON.stringify(request),
          signal: AbortSignal.timeout(ATTEMPT_MS),
        }).catch(() => undefined);
        if (response?.status === 202) {
          const order = await readJson<OrderView>(response).catch(() => undefined);
          if (order !== undefined) return order;
        } else if (response !== undefined && response.status < 500) {
          throw new Error(`the order ${key} was refused: ${await response.text()}`);
        }
        if (performance.now() > giveUpAt)
          throw new Error(`nobody accepted the order ${key} within ${PATIENCE_MS} ms`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
    search: async (query, customerId) => {
      const startedAt = performance.now();
      try {
        const answer = await get<SearchAnswer>(
          `/api/search?${new URLSearchParams({ q: query, customerId })}`,
        );
        return { answer, tookMs: performance.now() - startedAt };
      } catch {
        return { answer: undefined, tookMs: Number.POSITIVE_INFINITY };
      }
    },
    put: async (path, body) => {
      const response = await fetch(`${url}${path}`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ATTEMPT_MS),
      });
      if (!response.ok) throw new Error(`PUT ${path} answered ${response.status}: ${await response.text()}`);
    },
  };
}

/** Runs `work` for each of `items`, at most `width` at once. */
export async function each<T>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let index = next; index < items.length; index = next) {
      next += 1;
      const item = items[index];
      if (item !== undefined) await work(item, index);
    }
  };
  await Promise.all(Array.from({ length: width }, lane));
}
