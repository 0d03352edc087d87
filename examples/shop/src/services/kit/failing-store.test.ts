/** A store that fails under a service: nothing is half done, and the same key works once it is well again. */
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { type Reply, type ServiceUnderTest, serviceUnderTest } from '../testing/service.fixture.ts';

const reserve = (payment: ServiceUnderTest): Promise<Reply> =>
  payment.post('/reservations', { orderId: 'o-1', customerId: 'c-001', amountCents: 5 }, 'k');

function store(payment: ServiceUnderTest): DatabaseSync {
  return new DatabaseSync(join(payment.dataFolder, 'payment.sqlite'));
}

test('locked by another process: unavailable, then done once', async () => {
  await using payment = await serviceUnderTest('payment');
  using other = store(payment);
  other.exec('BEGIN IMMEDIATE');
  expect((await reserve(payment)).outcome).toBe('503 store-unavailable');
  other.exec('ROLLBACK');
  expect((await reserve(payment)).outcome).toBe('201 reserved');
  expect(other.prepare('SELECT kind FROM ledger').all()).toEqual([{ kind: 'reserve' }]);
});

test('broken in the middle of a change: the change is rolled back, the fault logged under its correlation id', async () => {
  await using payment = await serviceUnderTest('payment');
  using other = store(payment);
  other.exec('ALTER TABLE ledger RENAME TO away');
  const reply = await reserve(payment);
  expect(reply.outcome).toBe('500 internal-error');
  expect(reply.body).not.toContain('away');
  const [fault] = payment.log().filter(({ msg }) => msg === 'request failed');
  expect(fault).toMatchObject({
    level: 'error',
    correlationId: reply.headers.get('x-correlation-id'),
    err: { message: expect.stringContaining('ledger') },
  });
  other.exec('ALTER TABLE away RENAME TO ledger');
  expect(other.prepare('SELECT count(*) AS n FROM reservations').get()).toEqual({ n: 0 });
  expect(
    other.prepare('SELECT count(*) AS n FROM customers WHERE balance_cents <> initial_cents').get(),
  ).toEqual({ n: 0 });
  expect((await reserve(payment)).outcome).toBe('201 reserved');
});
