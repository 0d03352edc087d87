import { expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { timeout } from './policy.ts';

test('passes an answer or an error that comes in time', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  const guard = timeout('payment', { timeoutMs: 100 }, { runtime });
  const quick = guard.execute(() => runtime.sleep(99).then(() => 'paid'));
  expect(await runtime.runUntil(quick)).toBe('paid');
  await expect(guard.execute(() => Promise.reject(new Error('declined')))).rejects.toThrow('declined');
  expect(runtime.pendingTimers).toBe(0);
});

test('cuts off at the limit, tells the operation why, and does not wait for one that ignores it', async () => {
  const runtime = virtualRuntime({ seed: 1, startMs: 0 });
  const guard = timeout('payment', { timeoutMs: 100 }, { runtime });
  let reason: unknown;
  const slow = guard.execute(({ signal }) => {
    signal.addEventListener('abort', () => {
      reason = signal.reason;
    });
    return runtime.sleep(10_000).then(() => Promise.reject(new Error('too late for anybody')));
  });
  await expect(runtime.runUntil(slow)).rejects.toMatchObject({
    code: 'HF_TIMEOUT',
    key: 'payment',
    timeoutMs: 100,
  });
  expect(reason).toMatchObject({ code: 'HF_TIMEOUT' });
  expect(runtime.now()).toBe(100);
  await runtime.advance(10_000); // the late rejection must not surface as unhandled
});

test('an abort from outside ends the call at once with its reason', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  const guard = timeout('payment', { timeoutMs: 100 }, { runtime });
  const controller = new AbortController();
  const call = guard.execute(() => new Promise<never>(() => {}), { signal: controller.signal });
  controller.abort('client left');
  await expect(call).rejects.toBe('client left');
  let called = false;
  const late = guard.execute(
    async () => {
      called = true;
    },
    { signal: controller.signal },
  );
  await expect(late).rejects.toBe('client left');
  expect([called, runtime.pendingTimers]).toEqual([false, 0]);
});

test.each([0, -1, Number.NaN, 2 ** 31, '5'])('refuses timeoutMs %s', (timeoutMs) => {
  expect(() => Reflect.apply(timeout, undefined, ['payment', { timeoutMs }])).toThrow(InvalidOptionsError);
});

test.each(['', ' payment', 'a'.repeat(129), 'line\nbreak'])('refuses the name %j', (name) => {
  expect(() => timeout(name, { timeoutMs: 1 })).toThrow(InvalidOptionsError);
});
