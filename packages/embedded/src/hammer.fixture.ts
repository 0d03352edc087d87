/** A process of its own that hammers one state store: started by `state-store.test.ts`, never by hand. */
import { sqliteStateStore } from './index.ts';

const [path = '', adds = '0', increments = '0'] = process.argv.slice(2);
using store = sqliteStateStore({ path, busyTimeoutMs: 20_000 });
let acknowledged = 0;
for (let round = 0; round < Number(adds); round += 1) {
  await store.add('counters', { calls: 1, [`by-${process.pid % 3}`]: 1 });
  acknowledged += 1;
  process.send?.({ acknowledged });
}
for (let round = 0; round < Number(increments); ) {
  const read = await store.get('number');
  const value = typeof read?.value === 'number' ? read.value : 0;
  if ((await store.compareAndSet('number', read?.version ?? 'absent', value + 1)).ok) round += 1;
}
process.disconnect?.();
