import { expect, test } from 'vitest';
import { systemRuntime } from './system-runtime.ts';

test('sleeps for real, and wakes with the reason of its signal', async () => {
  const before = systemRuntime.monotonic();
  await systemRuntime.sleep(5);
  expect(systemRuntime.monotonic() - before).toBeGreaterThanOrEqual(4);
  const controller = new AbortController();
  const asleep = systemRuntime.sleep(60_000, controller.signal);
  controller.abort('enough');
  await expect(asleep).rejects.toBe('enough');
  await expect(systemRuntime.sleep(60_000, controller.signal)).rejects.toBe('enough');
});

test('a scheduled function runs once; a cancelled one never', async () => {
  const ran: string[] = [];
  systemRuntime.schedule(0, () => ran.push('cancelled'))();
  await new Promise<void>((resolve) => {
    systemRuntime.schedule(1, () => {
      ran.push('kept');
      resolve();
    });
  });
  expect(ran).toEqual(['kept']);
});

test('draws chance in its bounds', () => {
  expect(systemRuntime.random()).toBeLessThan(1);
  expect(systemRuntime.uuid()).not.toBe(systemRuntime.uuid());
  expect(Math.abs(systemRuntime.now() - Date.now())).toBeLessThan(1_000);
});
