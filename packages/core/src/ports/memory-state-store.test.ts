import { describe, expect, test } from 'vitest';
import { InvalidOptionsError } from '../errors.ts';
import { stateStoreContract } from './contract/index.ts';
import { memoryStateStore } from './memory-state-store.ts';
import { virtualRuntime } from './virtual-runtime.ts';

stateStoreContract(
  'memory',
  async () => {
    const runtime = virtualRuntime({ seed: 1 });
    const store = memoryStateStore({ runtime });
    return {
      store,
      connect: async () => store,
      advance: (ms) => runtime.advance(ms),
      [Symbol.asyncDispose]: async () => {},
    };
  },
  { describe, test, expect },
);

test('a full store refuses one key more, not a change, and takes the place of expired ones', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  const store = memoryStateStore({ maxKeys: 2, runtime });
  await store.add('a', { n: 1 });
  await store.add('b', { n: 1 }, { ttlMs: 10 });
  await expect(store.add('c', { n: 1 })).rejects.toMatchObject({
    code: 'HF_STORE_UNAVAILABLE',
    outcome: 'not-applied',
  });
  expect(await store.add('a', { n: 1 })).toEqual({ n: 2 });
  await runtime.advance(10);
  expect(await store.add('c', { n: 1 })).toEqual({ n: 1 });
});

test('what one caller got, it cannot change for another', async () => {
  const store = memoryStateStore();
  const value = { list: ['a'] };
  await store.compareAndSet('k', 'absent', value);
  value.list.push('b');
  expect((await store.get('k'))?.value).toEqual({ list: ['a'] });
});

test('refuses a wrong bound', () => {
  expect(() => memoryStateStore({ maxKeys: 0 })).toThrow(InvalidOptionsError);
});
