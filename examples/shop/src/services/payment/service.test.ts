import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fresh, type Reply, type ServiceUnderTest, serviceUnderTest } from '../testing/service.fixture.ts';

let payment: ServiceUnderTest;
beforeAll(async () => {
  payment = await serviceUnderTest('payment');
});
afterAll(() => payment[Symbol.asyncDispose]());

const AMOUNT = 1_500;

async function run(orderId: string, command: string, key = fresh('key')): Promise<Reply> {
  return command === 'reserve'
    ? await payment.post('/reservations', { orderId, customerId: 'c-002', amountCents: AMOUNT }, key)
    : await payment.post(`/reservations/${orderId}/${command}`, {}, key);
}

/** What the store says: the balance of the customer, and the ledger of the order. */
function books(orderId: string): { balance: unknown; ledger: unknown[] } {
  using database = new DatabaseSync(join(payment.dataFolder, 'payment.sqlite'), { readOnly: true });
  const balance = database
    .prepare("SELECT balance_cents AS it FROM customers WHERE customer_id = 'c-002'")
    .get()?.['it'];
  const ledger = database.prepare('SELECT kind FROM ledger WHERE order_id = ? ORDER BY id').all(orderId);
  return { balance, ledger: ledger.map((row) => row['kind']) };
}

describe('a reservation, in every order of commands', () => {
  test.each<[commands: string, answers: string[], ledger: string[]]>([
    ['reserve', ['201 reserved'], ['reserve']],
    ['reserve reserve', ['201 reserved', '200 reserved'], ['reserve']],
    ['reserve capture', ['201 reserved', '200 captured'], ['reserve', 'capture']],
    ['reserve capture capture', ['201 reserved', '200 captured', '200 captured'], ['reserve', 'capture']],
    [
      'reserve capture reserve',
      ['201 reserved', '200 captured', '409 already-captured'],
      ['reserve', 'capture'],
    ],
    ['reserve release', ['201 reserved', '200 released'], ['reserve', 'release']],
    ['reserve release release', ['201 reserved', '200 released', '200 released'], ['reserve', 'release']],
    [
      'reserve release capture',
      ['201 reserved', '200 released', '409 already-released'],
      ['reserve', 'release'],
    ],
    [
      'reserve release reserve',
      ['201 reserved', '200 released', '409 already-released'],
      ['reserve', 'release'],
    ],
    [
      'reserve capture release',
      ['201 reserved', '200 captured', '200 refunded'],
      ['reserve', 'capture', 'refund'],
    ],
    [
      'reserve capture release release capture',
      ['201 reserved', '200 captured', '200 refunded', '200 refunded', '409 already-released'],
      ['reserve', 'capture', 'refund'],
    ],
    ['release reserve', ['200 released', '409 already-released'], []],
    ['release capture', ['200 released', '409 already-released'], []],
    ['release release', ['200 released', '200 released'], []],
    ['capture reserve', ['404 reservation-unknown', '201 reserved'], ['reserve']],
  ])('%s', async (commands, answers, ledger) => {
    const orderId = fresh('o');
    const before = books(orderId).balance;
    const given: string[] = [];
    for (const command of commands.split(' ')) given.push((await run(orderId, command)).outcome);
    expect(given).toEqual(answers);
    const held = ledger.length === 1 || ledger.at(-1) === 'capture';
    expect(books(orderId)).toEqual({ balance: Number(before) - (held ? AMOUNT : 0), ledger });
  });
});

describe('the same key', () => {
  test('20 times at once is one effect and 20 equal answers', async () => {
    const orderId = fresh('o');
    const replies = await Promise.all(
      Array.from({ length: 20 }, () => run(orderId, 'reserve', `race-${orderId}`)),
    );
    expect(new Set(replies.map((reply) => JSON.stringify([reply.status, reply.body])))).toEqual(
      new Set([JSON.stringify([201, { orderId, state: 'reserved', amountCents: AMOUNT }])]),
    );
    expect(replies.filter(({ headers }) => headers.get('idempotent-replayed') === 'true')).toHaveLength(19);
    expect(books(orderId).ledger).toEqual(['reserve']);
  });

  test('replays an answer even when the order has moved on', async () => {
    const orderId = fresh('o');
    await run(orderId, 'reserve', `k-${orderId}`);
    await run(orderId, 'release');
    expect((await run(orderId, 'reserve', `k-${orderId}`)).outcome).toBe('201 reserved');
    expect(books(orderId).ledger).toEqual(['reserve', 'release']);
  });

  test('with another body is refused and changes nothing', async () => {
    const [first, second] = [fresh('o'), fresh('o')];
    await run(first, 'reserve', `k-${first}`);
    const reply = await run(second, 'reserve', `k-${first}`);
    expect(reply).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused', errors: [{ pointer: '/headers/idempotency-key' }] },
    });
    expect(books(second).ledger).toEqual([]);
  });

  test('on another path is refused, even with an equal body', async () => {
    const orderId = fresh('o');
    await run(orderId, 'reserve');
    await run(orderId, 'capture', `k-${orderId}`);
    expect((await run(orderId, 'release', `k-${orderId}`)).outcome).toBe('422 idempotency-key-reused');
    expect(books(orderId).ledger).toEqual(['reserve', 'capture']);
  });

  test('replays a refusal: a declined order stays declined under its key', async () => {
    const orderId = fresh('o');
    const body = { orderId, customerId: 'c-003', amountCents: 999_999_999 };
    const first = await payment.post('/reservations', body, `k-${orderId}`);
    const again = await payment.post('/reservations', body, `k-${orderId}`);
    expect(first).toMatchObject({ status: 402, body: { code: 'payment-declined', status: 402 } });
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(books(orderId).ledger).toEqual([]);
  });
});

test('a second reservation with other terms is a conflict that names both', async () => {
  const orderId = fresh('o');
  await run(orderId, 'reserve');
  const reply = await payment.post(
    '/reservations',
    { orderId, customerId: 'c-002', amountCents: 7 },
    `other-${orderId}`,
  );
  expect(reply).toMatchObject({ status: 409, body: { code: 'order-conflict' } });
  expect(reply.detail).toContain('already holds 1500 cents of c-002, not 7 of c-002');
});

test('an unknown customer is named and its key stays free', async () => {
  const orderId = fresh('o');
  const bad = await payment.post(
    '/reservations',
    { orderId, customerId: 'c-999', amountCents: 7 },
    `k-${orderId}`,
  );
  expect(bad).toMatchObject({
    status: 422,
    body: { code: 'unknown-customer', errors: [{ pointer: '/customerId' }] },
  });
  expect((await run(orderId, 'reserve', `k-${orderId}`)).outcome).toBe('201 reserved');
});
