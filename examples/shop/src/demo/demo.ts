/**
 * The story of the article on real processes: orders with failing payments and short stock, processes
 * killed on the way, searches with a source that hangs; then the books, read from the services' own stores.
 */
import { virtualRuntime } from '@holdfast/core';
import type { ChoicesView, OrderRequest, OrderView, StatusView } from '@holdfast/dashboard/contract';
import { audit } from '../services/audit.ts';
import { NO_CHAOS } from '../services/kit/chaos.ts';
import { type Shop, startShop } from '../supervisor/shop.ts';
import { each, type ShopClient, shopClient } from './client.ts';

export interface DemoOptions {
  readonly seed: number;
  readonly orders: number;
  readonly kills: number;
  readonly searches: number;
  readonly dataFolder: string;
  /** Told in words what happens. */
  readonly say: (line: string) => void;
}

/** What the demonstration prints. Money in cents, stock in units. */
export interface DemoResult {
  readonly orders: { readonly confirmed: number; readonly undone: number; readonly open: number };
  readonly balanceDifference: { readonly money: number; readonly stock: number };
  readonly duplicatedEffects: number;
  readonly searches: {
    readonly total: number;
    readonly late: number;
    readonly partial: number;
    readonly deadlineMs: number;
    readonly slackMs: number;
    /** No answer, or one without a single source. */
    readonly unanswered: number;
    /** As the client measured it. */
    readonly slowestMs: number;
  };
  readonly breakerTransitions: number;
  readonly kills: number;
  readonly seconds: number;
  /** Orders the client was told are confirmed but that the services' stores do not show as paid and shipped, or the other way round. */
  readonly disagreements: number;
}

/** The article's figures: `Math.random() < 0.1` and `< 0.15` in its sample services. */
const PAYMENT_FAILURES = 0.1;
const INVENTORY_FAILURES = 0.15;
/** On two cores shared by thirteen processes, a timer may fire this much late. */
const SLACK_MS = 150;
const DEADLINE_MS = 400;
const MAX_UNANSWERED_RATIO = 0.05;
const TROUBLE_ATTEMPTS = 50;
const ORDERS_AT_ONCE = 8;
const SEARCHES_AT_ONCE = 4;
const SETTLE_MS = 240_000;
const WORDS = [
  'kettle',
  'lamp',
  'chair',
  'garden',
  'steel',
  'travel',
  'coffee',
  'desk',
  'outdoor',
  'wooden',
] as const;

export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const startedAt = performance.now();
  const { seed, say, dataFolder } = options;
  await using shop = await startShop({ dataFolder, port: 0, chaos: true, seed });
  const client = shopClient(shop.url);
  say(`the shop runs at ${shop.url}`);
  await makeTrouble(client);
  const { ids, kills } = await placeOrders(shop, client, options);
  say(`${ids.length} orders accepted, ${kills} processes killed; waiting until each is confirmed or undone`);
  const orders = await settled(client, ids);
  const searches = await runSearches(client, options);
  const transitions = countTransitions(await client.get<StatusView>('/api/status'));
  await shop.close();
  const books = audit(dataFolder);
  const confirmed = orders.filter((order) => order.status === 'confirmed');
  const paid = new Set(books.orders.captured);
  const shipped = new Set(books.orders.shipped);
  return {
    orders: {
      confirmed: confirmed.length,
      undone: orders.filter((order) => order.status === 'undone').length,
      open: orders.filter((order) => order.status !== 'confirmed' && order.status !== 'undone').length,
    },
    balanceDifference: books.balanceDifference,
    duplicatedEffects: books.duplicatedEffects,
    searches,
    breakerTransitions: transitions,
    kills,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    disagreements: orders.filter(({ orderId, status }) => {
      const sold = status === 'confirmed';
      return paid.has(orderId) !== sold || shipped.has(orderId) !== sold;
    }).length,
  };
}

/** True when nothing was lost, doubled, or late. */
export function nothingLost(result: DemoResult, wanted: number): boolean {
  const { orders, balanceDifference, duplicatedEffects, searches, disagreements } = result;
  return (
    orders.confirmed + orders.undone === wanted &&
    // A machine that stands still for a moment costs a search its sources; a search that never works is a fault.
    searches.unanswered <= searches.total * MAX_UNANSWERED_RATIO &&
    [
      orders.open,
      balanceDifference.money,
      balanceDifference.stock,
      duplicatedEffects,
      searches.late,
      disagreements,
    ].every((n) => n === 0)
  );
}

async function placeOrders(
  shop: Shop,
  client: ShopClient,
  { seed, orders, kills, say }: DemoOptions,
): Promise<{ readonly ids: readonly string[]; readonly kills: number }> {
  const { random } = virtualRuntime({ seed });
  const choices = await client.get<ChoicesView>('/api/choices');
  const requests = Array.from({ length: orders }, () => randomOrder(choices, random));
  const victims = ['worker-1', 'payment', 'worker-2', 'inventory', 'engine', 'shipping', 'api', 'history'];
  const plan = Array.from({ length: kills }, (_, index) => ({
    // Spread over the middle of the run, so that each hits orders under way.
    at: Math.floor((orders * (index + 0.5 + random() * 0.5)) / (kills + 1)),
    victim: victims[index % victims.length] ?? 'worker-1',
  }));
  const ids: string[] = [];
  const killing: Promise<void>[] = [];
  await each(requests, ORDERS_AT_ONCE, async (request, index) => {
    for (const { victim } of plan.filter(({ at }) => at === index)) {
      say(`killing ${victim} at order ${index + 1}`);
      killing.push(killAgainstTrouble(shop, client, victim));
    }
    ids.push((await client.order(request, `demo-${seed}-${index}`)).orderId);
  });
  await Promise.all(killing);
  return { ids, kills: killing.length };
}

/** The article's failing services. */
async function makeTrouble(client: ShopClient): Promise<void> {
  await client.put('/api/chaos/payment', { ...NO_CHAOS, errorRatio: PAYMENT_FAILURES });
  await client.put('/api/chaos/inventory', { ...NO_CHAOS, declineRatio: INVENTORY_FAILURES });
}

/** A service that was killed comes back calm, and an api that was killed not at once: its troubles are set again. */
async function killAgainstTrouble(shop: Shop, client: ShopClient, victim: string): Promise<void> {
  await shop.ready(victim);
  await shop.kill(victim);
  await shop.ready(victim);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await makeTrouble(client);
      return;
    } catch (error) {
      if (attempt === TROUBLE_ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function randomOrder({ customers, products }: ChoicesView, random: () => number): OrderRequest {
  const pick = <T>(from: readonly T[]): T => {
    const chosen = from[Math.floor(random() * from.length)];
    if (chosen === undefined) throw new RangeError('the shop offers nothing to choose from');
    return chosen;
  };
  const lines = new Map(
    Array.from({ length: 1 + Math.floor(random() * 3) }, () => [
      pick(products).productId,
      1 + Math.floor(random() * 3),
    ]),
  );
  return {
    customerId: pick(customers).customerId,
    lines: [...lines].map(([productId, quantity]) => ({ productId, quantity })),
  };
}

/** The orders when all have ended, or as they stand after {@link SETTLE_MS}. */
async function settled(client: ShopClient, ids: readonly string[]): Promise<readonly OrderView[]> {
  const giveUpAt = performance.now() + SETTLE_MS;
  const ended = new Map<string, OrderView>();
  for (;;) {
    const open = ids.filter((id) => !ended.has(id));
    const views = await Promise.all(
      open.slice(0, 50).map((id) => client.get<OrderView>(`/api/orders/${id}`).catch(() => undefined)),
    );
    for (const view of views)
      if (view !== undefined && view.endedAtMs !== undefined) ended.set(view.orderId, view);
    if (ended.size === ids.length) return [...ended.values()];
    if (performance.now() > giveUpAt) {
      const last = await Promise.all(
        ids.map((id) => ended.get(id) ?? client.get<OrderView>(`/api/orders/${id}`)),
      );
      return last;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

async function runSearches(
  client: ShopClient,
  { searches, say, seed }: DemoOptions,
): Promise<DemoResult['searches']> {
  await client.put('/api/chaos/partner', { ...NO_CHAOS, hang: true });
  say(`running ${searches} searches while the partner hangs`);
  const { random } = virtualRuntime({ seed: seed + 1 });
  const plan = Array.from({ length: searches }, () => ({
    query: WORDS[Math.floor(random() * WORDS.length)] ?? 'kettle',
    customerId: `c-${String(1 + Math.floor(random() * 500)).padStart(3, '0')}`,
  }));
  let late = 0;
  let partial = 0;
  let slowestMs = 0;
  let unanswered = 0;
  await each(plan, SEARCHES_AT_ONCE, async ({ query, customerId }) => {
    const { answer, tookMs } = await client.search(query, customerId);
    slowestMs = Math.max(slowestMs, Math.round(tookMs));
    if (tookMs > DEADLINE_MS + SLACK_MS) late += 1;
    if (answer?.complete === false) partial += 1;
    if (answer === undefined || answer.sources.every(({ status }) => status === 'missing')) unanswered += 1;
  });
  return {
    total: searches,
    late,
    partial,
    deadlineMs: DEADLINE_MS,
    slackMs: SLACK_MS,
    unanswered,
    slowestMs,
  };
}

/** Every transition of the fleet raises the epoch of its breaker by one, in the store that outlives the workers. */
function countTransitions({ breakers }: StatusView): number {
  const epochs = new Map<string, number>();
  for (const { dependency, epoch } of breakers)
    epochs.set(dependency, Math.max(epoch, epochs.get(dependency) ?? 0));
  return [...epochs.values()].reduce((sum, epoch) => sum + epoch, 0);
}
