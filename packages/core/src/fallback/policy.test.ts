import { expect, test } from 'vitest';
import { fallback } from './policy.ts';

test('answers instead of an error, with the error at hand', async () => {
  const guard = fallback('stale', (error) => `stale because ${String(error)}`);
  expect(await guard.execute(async () => 'fresh')).toBe('fresh');
  expect(await guard.execute(() => Promise.reject(new Error('down')))).toBe('stale because Error: down');
});

test('an error of the handler replaces the first', async () => {
  const guard = fallback('stale', () => Promise.reject(new Error('nothing stale either')));
  await expect(guard.execute(() => Promise.reject(new Error('down')))).rejects.toThrow(
    'nothing stale either',
  );
});

test('makes no substitute when nobody waits for one', async () => {
  let asked = false;
  const guard = fallback('stale', () => {
    asked = true;
  });
  const signal = AbortSignal.abort('client left');
  await expect(guard.execute(({ signal: seen }) => Promise.reject(seen.reason), { signal })).rejects.toBe(
    'client left',
  );
  expect(asked).toBe(false);
});
