import { describe, expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import type { BreakerEvent } from './events.ts';
import type { CircuitBreakerOptions } from './options.ts';
import { breakerSettings } from './options.ts';
import type { CircuitBreaker } from './policy.ts';
import { circuitBreaker } from './policy.ts';

function setup(options: CircuitBreakerOptions = {}, more: { isFailure?: (error: unknown) => boolean } = {}) {
  const runtime = virtualRuntime({ seed: 3, startMs: 0 });
  const events: BreakerEvent[] = [];
  const breaker = circuitBreaker(
    'payment',
    { slowStart: { durationMs: 0 }, ...options },
    { runtime, instanceId: 'a', onEvent: (event) => void events.push(event), ...more },
  );
  return { runtime, events, breaker };
}

const ok = async (): Promise<string> => 'paid';
const down = (): Promise<never> => Promise.reject(new Error('down'));

/** `S` a success, `F` a failure, `x` a call that must be refused. */
async function play(breaker: CircuitBreaker, calls: string): Promise<void> {
  for (const call of calls) {
    const outcome = await breaker.execute(call === 'F' ? down : ok).then(
      () => 'S',
      (error: Error) => (error.message === 'down' ? 'F' : 'x'),
    );
    expect(outcome).toBe(call);
  }
}

describe('one instance without a store', () => {
  test.each([
    { name: 'stays closed below minimum calls', calls: 'FFFFFFFFF', expected: 'closed' },
    { name: 'stays closed below the failure ratio', calls: 'FFFFSSSSSS', expected: 'closed' },
    { name: 'opens at the failure ratio', calls: 'FFFFFSSSSS', expected: 'open' },
    { name: 'opens on the call that completes the minimum', calls: 'FFFFFFFFFF', expected: 'open' },
  ])('$name', async ({ calls, expected }) => {
    const { breaker } = setup();
    await play(breaker, calls);
    expect(breaker.snapshot().state).toBe(expected);
  });

  test('goes round: refuses, probes, closes after as many successes, and tells each step', async () => {
    const { runtime, events, breaker } = setup({ openForMs: 1_000, halfOpenProbes: 2 });
    await play(breaker, 'FFFFFFFFFFxx');
    const { reopensInMs } = breaker.snapshot();
    expect(reopensInMs).toBeGreaterThan(799);
    expect(reopensInMs).toBeLessThanOrEqual(1_000);
    await expect(breaker.execute(ok)).rejects.toMatchObject({
      code: 'HF_BREAKER_OPEN',
      key: 'payment',
      retryAfterMs: reopensInMs,
    });
    await runtime.advance(reopensInMs);
    await play(breaker, 'S');
    expect(breaker.snapshot()).toMatchObject({ state: 'half-open', probesInFlight: 0 });
    await play(breaker, 'SSSS');
    expect(breaker.snapshot()).toMatchObject({
      state: 'closed',
      calls: 3,
      failures: 0,
      epoch: 3,
      store: 'none',
    });
    expect(
      events.flatMap((event) =>
        event.kind === 'transition' ? [`${event.from} > ${event.to}: ${event.reason}`] : [],
      ),
    ).toEqual([
      'closed > open: failure-ratio',
      'open > half-open: open-elapsed',
      'half-open > closed: probes-succeeded',
    ]);
    expect(events.filter((event) => event.kind === 'rejected')).toHaveLength(3);
    expect(runtime.pendingTimers).toBe(0);
  });

  test('a failed probe opens it for about twice as long, up to the cap', async () => {
    const { runtime, breaker } = setup({ openForMs: 1_000, maxOpenForMs: 3_000 });
    await play(breaker, 'FFFFFFFFFF');
    const lengths: number[] = [];
    for (let opening = 0; opening < 4; opening += 1) {
      const { reopensInMs } = breaker.snapshot();
      lengths.push(reopensInMs);
      await runtime.advance(reopensInMs);
      await play(breaker, 'F');
    }
    [1_000, 2_000, 3_000, 3_000].forEach((fullMs, index) => {
      expect(lengths[index]).toBeGreaterThan(fullMs * 0.8 - 1);
      expect(lengths[index]).toBeLessThanOrEqual(fullMs);
    });
  });

  test('half-open admits no more than its probes at once', async () => {
    const { runtime, breaker } = setup({ halfOpenProbes: 2 });
    await play(breaker, 'FFFFFFFFFF');
    await runtime.advance(5_000);
    const finish: (() => void)[] = [];
    const hold = (): Promise<void> => new Promise((resolve) => finish.push(resolve));
    const calls = Array.from({ length: 5 }, () =>
      breaker.execute(hold).then(
        () => 'ran',
        (error: { reason: string }) => error.reason,
      ),
    );
    await runtime.advance(0);
    expect(breaker.snapshot().probesInFlight).toBe(2);
    for (const each of finish) each();
    expect(await Promise.all(calls)).toEqual(['ran', 'ran', 'probing', 'probing', 'probing']);
    expect(breaker.snapshot().state).toBe('closed');
  });

  test('a probe that never ends is aborted with its lease and counts as failed', async () => {
    const { runtime, breaker } = setup({ probeLeaseMs: 2_000 });
    await play(breaker, 'FFFFFFFFFF');
    await runtime.advance(5_000);
    const hanging = breaker.execute(() => new Promise<never>(() => {}));
    await expect(runtime.runUntil(hanging)).rejects.toMatchObject({
      code: 'HF_PROBE_LEASE_EXPIRED',
      leaseMs: 2_000,
    });
    expect(breaker.snapshot()).toMatchObject({ state: 'open', probesInFlight: 0 });
  });

  test('a result that comes after the circuit has changed says nothing about it', async () => {
    const { runtime, breaker } = setup();
    const late = breaker.execute(() => runtime.sleep(6_000).then(down)).catch(() => 'late');
    await play(breaker, 'FFFFFFFFFF');
    await runtime.advance(5_000);
    await play(breaker, 'SSS');
    await runtime.runUntil(late);
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', calls: 0, failures: 0 });
  });

  test('old calls leave the window', async () => {
    const { runtime, breaker } = setup({ windowMs: 1_000 });
    await play(breaker, 'FFFFFFFFF');
    await runtime.advance(1_000);
    await play(breaker, 'FFFFFFFFF');
    expect(breaker.snapshot()).toMatchObject({ state: 'closed', calls: 9 });
  });

  test('slow successes open it', async () => {
    const { runtime, breaker } = setup({ slowCallMs: 100, slowCallRatio: 0.5 });
    for (let call = 0; call < 10; call += 1)
      await runtime.runUntil(breaker.execute(() => runtime.sleep(call % 2 ? 100 : 99)));
    expect(breaker.snapshot()).toMatchObject({ state: 'open', slow: 5, failures: 0 });
  });

  test('slow start: after closing, a growing share passes', async () => {
    const { runtime, breaker } = setup({ slowStart: { durationMs: 1_000, initialRatio: 0.2 } });
    await play(breaker, 'FFFFFFFFFF');
    await runtime.advance(5_000);
    await play(breaker, 'SSS');
    const passed: number[] = [];
    for (let tenth = 0; tenth < 11; tenth += 1) {
      const answers = await Promise.allSettled(Array.from({ length: 100 }, () => breaker.execute(ok)));
      passed.push(answers.filter((answer) => answer.status === 'fulfilled').length);
      await runtime.advance(100);
    }
    const share = [20, 28, 36, 44, 52, 60, 68, 76, 84, 92, 100];
    passed.forEach((count, index) => {
      expect(Math.abs(count - (share[index] ?? 0))).toBeLessThanOrEqual(1);
    });
    expect(passed.at(-1)).toBe(100);
  });
});

describe('what counts', () => {
  const refused = (code: string): Promise<never> =>
    Promise.reject(Object.assign(new Error(code), { code, retryable: true, isHoldfastError: true }));
  const timedOut = AbortSignal.abort(
    Object.assign(new Error('t'), { code: 'HF_TIMEOUT', retryable: true, isHoldfastError: true }),
  );

  test.each([
    { name: 'an error', run: down, failures: 1, calls: 1 },
    { name: 'a full bulkhead', run: () => refused('HF_BULKHEAD_FULL'), failures: 0, calls: 0 },
    { name: 'an open breaker inside', run: () => refused('HF_BREAKER_OPEN'), failures: 0, calls: 0 },
    { name: 'a timeout inside', run: () => refused('HF_TIMEOUT'), failures: 1, calls: 1 },
    {
      name: 'an error that is the answer',
      run: () => Promise.reject(new Error('declined')),
      failures: 0,
      calls: 1,
    },
  ])('$name: $failures of $calls', async ({ run, failures, calls }) => {
    const { breaker } = setup({}, { isFailure: (error) => !String(error).includes('declined') });
    await expect(breaker.execute(run)).rejects.toThrow();
    expect(breaker.snapshot()).toMatchObject({ failures, calls });
  });

  test.each([
    { name: 'a caller that left', reason: 'client left', failures: 0 },
    { name: 'a caller that ran out of time', reason: timedOut.reason, failures: 1 },
  ])('$name: $failures', async ({ reason, failures }) => {
    const { breaker } = setup();
    const controller = new AbortController();
    const call = breaker.execute(
      ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      { signal: controller.signal },
    );
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    expect(breaker.snapshot()).toMatchObject({ failures, calls: failures });
    await expect(breaker.execute(ok, { signal: controller.signal })).rejects.toBe(reason);
  });
});

test.each([
  { field: 'failureRatio', options: { failureRatio: 0 } },
  { field: 'failureRatio', options: { failureRatio: 1.1 } },
  { field: 'minimumCalls', options: { minimumCalls: 0 } },
  { field: 'windowMs', options: { windowMs: 99 } },
  { field: 'buckets', options: { buckets: 0 } },
  { field: 'maxOpenForMs', options: { openForMs: 100, maxOpenForMs: 99 } },
  { field: 'halfOpenProbes', options: { halfOpenProbes: 101 } },
  { field: 'syncIntervalMs', options: { windowMs: 60_000, syncIntervalMs: 100 } },
  { field: 'quorumInstances', options: { quorumInstances: 257 } },
  { field: 'storeDown', options: { storeDown: 'panic' } },
  { field: 'initialRatio', options: { slowStart: { initialRatio: 0 } } },
])('refuses $options and names $field', ({ field, options }) => {
  const make = (): unknown => Reflect.apply(circuitBreaker, undefined, ['payment', options]);
  expect(make).toThrow(InvalidOptionsError);
  expect(make).toThrow(`${field} must be`);
});

test('defaults are as documented', () => {
  expect(breakerSettings('circuitBreaker', {})).toEqual({
    failureRatio: 0.5,
    slowCallMs: Number.POSITIVE_INFINITY,
    slowCallRatio: 0.8,
    minimumCalls: 10,
    windowMs: 10_000,
    buckets: 10,
    openForMs: 5_000,
    maxOpenForMs: 60_000,
    halfOpenProbes: 3,
    probeLeaseMs: 10_000,
    syncIntervalMs: 1_000,
    quorumInstances: 2,
    storeTimeoutMs: 2_000,
    storeDown: 'local',
    slowStart: { durationMs: 2_000, initialRatio: 0.25 },
  });
});
