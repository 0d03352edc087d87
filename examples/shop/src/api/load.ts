/** A steady load of orders and searches on the shop itself, through its own front door, bounded in rate and time. */
import type { ChoicesView, LoadView } from '@holdfast/dashboard/contract';
import { z } from 'zod';
import { valid } from './problems.ts';

export const loadSchema = z.strictObject({
  ordersPerSecond: z.number().min(0).max(50),
  searchesPerSecond: z.number().min(0).max(50),
  seconds: z.number().int().min(0).max(600),
});

/** Beats a second; each sends its share. */
const BEATS_PER_SECOND = 10;
/** Requests under way; more are skipped and counted as failed. */
const MAX_OPEN = 200;
const REQUEST_TIMEOUT_MS = 10_000;
const WORDS = [
  'kettle',
  'lamp',
  'chair',
  'blue',
  'wooden',
  'garden',
  'steel',
  'travel',
  'kids',
  'coffee',
  'desk',
  'outdoor',
];

export interface Load {
  view(): LoadView;
  /** Replaces whatever runs; zero rates or zero seconds end it. */
  set(body: unknown): LoadView;
  stop(): void;
}

export function load(baseUrl: () => string, choices: () => Promise<ChoicesView>): Load {
  let rates = { ordersPerSecond: 0, searchesPerSecond: 0 };
  let endsAt = 0;
  let timer: NodeJS.Timeout | undefined;
  let [sent, failed, open] = [0, 0, 0];
  const due = { orders: 0, searches: 0 };

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    endsAt = 0;
    rates = { ordersPerSecond: 0, searchesPerSecond: 0 };
  };
  const fire = (work: () => Promise<Response>): void => {
    sent += 1;
    if (open >= MAX_OPEN) {
      failed += 1;
      return;
    }
    open += 1;
    work()
      .then(async (response) => {
        await response.arrayBuffer();
        if (!response.ok) failed += 1;
      })
      .catch(() => {
        failed += 1;
      })
      .finally(() => {
        open -= 1;
      });
  };
  const beat = (offered: ChoicesView): void => {
    if (performance.now() >= endsAt) {
      stop();
      return;
    }
    due.orders += rates.ordersPerSecond / BEATS_PER_SECOND;
    due.searches += rates.searchesPerSecond / BEATS_PER_SECOND;
    for (; due.orders >= 1; due.orders -= 1) fire(() => placeOrder(baseUrl(), offered));
    for (; due.searches >= 1; due.searches -= 1) fire(() => searchFor(baseUrl(), offered));
  };
  const view = (): LoadView => ({
    ...rates,
    remainingSeconds: timer === undefined ? 0 : Math.max(0, Math.ceil((endsAt - performance.now()) / 1000)),
    ...{ sent, failed },
  });
  return {
    view,
    stop,
    set: (body) => {
      const { seconds, ...wanted } = valid(loadSchema, body, 'body');
      stop();
      [sent, failed] = [0, 0];
      if (seconds > 0 && wanted.ordersPerSecond + wanted.searchesPerSecond > 0) {
        rates = wanted;
        endsAt = performance.now() + seconds * 1000;
        const offered = choices();
        offered.catch(stop);
        timer = setInterval(() => void offered.then(beat).catch(() => {}), 1000 / BEATS_PER_SECOND);
      }
      return view();
    },
  };
}

function placeOrder(url: string, { customers, products }: ChoicesView): Promise<Response> {
  const lines = [{ productId: pick(products)?.productId, quantity: 1 + Math.floor(Math.random() * 3) }];
  return fetch(`${url}/api/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ customerId: pick(customers)?.customerId, lines }),
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
  });
}

function searchFor(url: string, { customers }: ChoicesView): Promise<Response> {
  const query = new URLSearchParams({
    q: pick(WORDS) ?? 'kettle',
    customerId: pick(customers)?.customerId ?? '',
  });
  return fetch(`${url}/api/search?${query}`, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
}

function pick<T>(from: readonly T[]): T | undefined {
  return from[Math.floor(Math.random() * from.length)];
}
