import { expect, test } from 'vitest';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { notify } from './notify.ts';

test('a listener that throws surfaces later, away from the caller', async () => {
  const runtime = virtualRuntime({ seed: 1 });
  const broken = (): void => {
    throw new Error('bug in the listener');
  };
  notify(broken, 'event', runtime);
  await expect(runtime.advance(0)).rejects.toThrow('bug in the listener');
});
