/**
 * kill -9 at random moments of a burst: what was acknowledged is there after the restart, what was
 * retried with its key happened once. The moments come from a seed.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { audit } from './audit.ts';
import { seededRandom } from './kit/random.ts';
import { type Command, requestOf, type TestOrder } from './testing/critical-services.fixture.ts';
import { type ServiceProcess, serviceKilledAt, serviceProcess } from './testing/service-process.fixture.ts';

const SEED = Number(process.env['HOLDFAST_SEED'] ?? 1);
const KILLS = 12;
const CLIENTS = 8;
const NAMES = ['payment', 'inventory', 'shipping'] as const;
type Name = (typeof NAMES)[number];

let folder = '';
const running = new Map<Name, ServiceProcess>();
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'holdfast-kill-'));
});
afterEach(async () => {
  for (const service of running.values()) await service.end('SIGKILL');
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
});

async function start(name: Name): Promise<void> {
  const files = ['--data', folder, '--log', join(folder, `${name}.log`)];
  running.set(name, await serviceProcess(['--service', name, ...files, '--latency-scale', '0.1']));
}

/** Delivers until there is an answer, as a client with a retry policy would: always the same key. */
async function deliver(command: Command, order: TestOrder, counts: { broken: number }): Promise<number> {
  const { service, path, body } = requestOf(command, order);
  for (;;) {
    try {
      const response = await fetch(`${running.get(service)?.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'idempotency-key': `${order.orderId}:${command}` },
        body: JSON.stringify(body),
      });
      await response.arrayBuffer();
      return response.status;
    } catch {
      counts.broken += 1;
      await wait(10);
    }
  }
}

const SOLD: readonly Command[] = ['pay', 'take', 'ship', 'capture'];
const UNDONE: readonly Command[] = ['pay', 'take', 'ship', 'cancel', 'putBack', 'releasePayment'];

test(`after ${KILLS} kills -9 in a burst nothing acknowledged is lost and nothing happened twice (seed ${SEED})`, {
  timeout: 120_000,
}, async () => {
  const random = seededRandom(SEED, 'kill');
  await Promise.all(NAMES.map(start));
  const counts = { broken: 0 };
  const [sold, undone]: [string[], string[]] = [[], []];
  let over = false;
  const client = async (number: number): Promise<void> => {
    for (let index = 0; !over; index += 1) {
      const product = `p-0${String(1_000 + ((number * 100 + index) % 3_000))}`;
      const order: TestOrder = {
        orderId: `o-${number}-${index}`,
        customerId: `c-${String(1 + ((number * 60 + index) % 500)).padStart(3, '0')}`,
        lines: [{ productId: product, quantity: 1 }],
      };
      const isSold = (number + index) % 2 === 0;
      for (const command of isSold ? SOLD : UNDONE)
        expect(await deliver(command, order, counts)).toBeLessThan(300);
      (isSold ? sold : undone).push(order.orderId);
    }
  };
  const clients = Array.from({ length: CLIENTS }, (_, number) => client(number));
  for (let kill = 0; kill < KILLS; kill += 1) {
    await wait(30 + random() * 150);
    const name = NAMES[kill % NAMES.length] ?? 'payment';
    expect(await running.get(name)?.end('SIGKILL')).toMatchObject({ signal: 'SIGKILL' });
    await start(name);
  }
  over = true;
  await Promise.all(clients);
  for (const name of NAMES) await running.get(name)?.end('SIGTERM');
  const { orders, balanceDifference, duplicatedEffects } = audit(folder);
  expect({ balanceDifference, duplicatedEffects }).toEqual({
    balanceDifference: { money: 0, stock: 0 },
    duplicatedEffects: 0,
  });
  const ids = sold.toSorted();
  expect(orders).toEqual({ captured: ids, reservedStock: ids, shipped: ids, held: [] });
  // The kills hit calls in flight, and orders of both kinds went through.
  expect(counts.broken).toBeGreaterThan(KILLS);
  expect([sold.length > KILLS, undone.length > KILLS]).toEqual([true, true]);
});

test('kill -9 while a store is being filled leaves no half a shop', { timeout: 60_000 }, async () => {
  const random = seededRandom(SEED, 'kill-filling');
  const reached = new Set<boolean>();
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const store = join(folder, String(attempt), 'history.sqlite');
    const args = [
      '--service',
      'history',
      '--data',
      join(folder, String(attempt)),
      '--log',
      join(folder, 'history.log'),
    ];
    await serviceKilledAt(args, async () => {
      while (!existsSync(`${store}-wal`)) await wait(2);
      await wait(random() * 120);
    });
    reached.add(isFilled(store));
    const service = await serviceProcess([...args, '--latency-scale', '0']);
    const response = await fetch(`${service.url}/orders?customerId=c-500&limit=100`);
    const last = expect.objectContaining({
      orderId: 'past-c-500-6',
      lines: expect.arrayContaining([expect.anything()]),
    });
    expect(await response.json()).toEqual({ orders: expect.arrayContaining([last]) });
    await service.end('SIGKILL');
  }
  // Some kills came before the end of the filling.
  expect(reached).toContain(false);
});

function isFilled(store: string): boolean {
  using database = new DatabaseSync(store);
  return database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'order_lines'").get() !== undefined;
}
