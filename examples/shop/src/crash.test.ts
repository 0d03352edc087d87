/**
 * The promise of the house, on real processes: whichever is killed, at whatever moment, every accepted
 * order ends confirmed or undone, and every effect happened once. Same seed, same plan of kills.
 */
import { virtualRuntime } from '@holdfast/core';
import type { OrderView } from '@holdfast/dashboard/contract';
import { expect, test } from 'vitest';
import { each, type ShopClient, shopClient } from './demo/client.ts';
import { audit } from './services/audit.ts';
import { type RunningShop, runningShop } from './testing/running-shop.fixture.ts';

const SEED = Number(process.env['HOLDFAST_SEED'] ?? 1);
const KILLS = Number(process.env['HOLDFAST_KILLS'] ?? 54);
const ORDERS_PER_KILL = 3;
const TARGETS = [
  'engine',
  'payment',
  'worker-1',
  'inventory',
  'api',
  'shipping',
  'worker-2',
  'supervisor',
  'history',
] as const;
const TROUBLE = { errorRatio: 0.1, declineRatio: 0.1, lostAnswerRatio: 0.1, extraLatencyMs: 0, hang: false };

test(`after ${KILLS} kills -9 at random moments no order is lost, doubled or half undone (seed ${SEED})`, {
  timeout: 420_000,
}, async () => {
  await using shop = await runningShop();
  const client = shopClient(shop.url);
  const { random } = virtualRuntime({ seed: SEED });
  const accepted: string[] = [];
  const orders: Promise<void>[] = [];
  const killed = new Map<string, number>();

  for (let round = 0; round < KILLS; round += 1) {
    for (const service of ['payment', 'inventory', 'shipping'])
      void client.put(`/api/chaos/${service}`, TROUBLE).catch(() => undefined);
    orders.push(placeSome(client, round, random, accepted));
    await pause(random() * 400);
    const target = TARGETS[round % TARGETS.length] ?? 'engine';
    if (await kill(shop, target)) killed.set(target, (killed.get(target) ?? 0) + 1);
    await pause(random() * 300);
  }
  await Promise.all(orders);
  const ended = await settled(client, accepted);
  await shop.stop();
  const books = audit(shop.dataFolder);

  const statuses = Object.groupBy(ended, (order) => order.status);
  const confirmed = (statuses.confirmed ?? []).map((order) => order.orderId);
  expect({
    accepted: accepted.length,
    neitherConfirmedNorUndone: ended
      .filter(({ status }) => status !== 'confirmed' && status !== 'undone')
      .map(({ orderId }) => orderId),
    ...{ balanceDifference: books.balanceDifference, duplicatedEffects: books.duplicatedEffects },
    ...{
      captured: books.orders.captured.toSorted(),
      shipped: books.orders.shipped.toSorted(),
      held: books.orders.held,
    },
  }).toEqual({
    accepted: KILLS * ORDERS_PER_KILL,
    neitherConfirmedNorUndone: [],
    ...{ balanceDifference: { money: 0, stock: 0 }, duplicatedEffects: 0 },
    ...{ captured: confirmed.toSorted(), shipped: confirmed.toSorted(), held: [] },
  });
  // The test got where it wanted: every kind of process died several times, and orders ended both ways.
  expect([...killed.keys()].toSorted()).toEqual(TARGETS.toSorted());
  expect([...killed.values()].reduce((sum, n) => sum + n, 0)).toBe(KILLS);
  expect(confirmed.length).toBeGreaterThan(0);
  expect(statuses.undone?.length ?? 0).toBeGreaterThan(0);
});

async function placeSome(
  client: ShopClient,
  round: number,
  random: () => number,
  accepted: string[],
): Promise<void> {
  const plan = Array.from({ length: ORDERS_PER_KILL }, (_, index) => ({
    key: `crash-${SEED}-${round}-${index}`,
    customerId: `c-${String(1 + Math.floor(random() * 500)).padStart(3, '0')}`,
    lines: [
      {
        productId: `p-${String(1 + Math.floor(random() * 5_000)).padStart(5, '0')}`,
        quantity: 1 + Math.floor(random() * 2),
      },
    ],
  }));
  await each(plan, ORDERS_PER_KILL, async ({ key, customerId, lines }) => {
    accepted.push((await client.order({ customerId, lines }, key)).orderId);
  });
}

/** SIGKILL by pid, as an operator or the kernel would; true once the target was found and killed. */
async function kill(shop: RunningShop, target: string): Promise<boolean> {
  if (target === 'supervisor') {
    await shop.killAndRestart();
    return true;
  }
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const found = (await shop.processes().catch(() => [])).find(({ name, up }) => name === target && up);
    if (found?.pid !== undefined) {
      process.kill(found.pid, 'SIGKILL');
      return true;
    }
    await pause(100);
  }
  return false;
}

async function settled(client: ShopClient, ids: readonly string[]): Promise<readonly OrderView[]> {
  const giveUpAt = performance.now() + 240_000;
  const views = new Map<string, OrderView>();
  while (performance.now() < giveUpAt) {
    for (const id of ids) {
      if (views.get(id)?.endedAtMs !== undefined) continue;
      const view = await client.get<OrderView>(`/api/orders/${id}`).catch(() => undefined);
      if (view !== undefined) views.set(id, view);
    }
    if (ids.every((id) => views.get(id)?.endedAtMs !== undefined)) break;
    await pause(300);
  }
  return [...views.values()];
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
