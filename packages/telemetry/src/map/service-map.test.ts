import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CallSample, serviceMapOf } from './service-map.ts';

const served = (service: string, durationMs: number, failed = false): CallSample => ({
  service,
  kind: 'server',
  durationMs,
  failed,
});
const called = (service: string, peer: string, durationMs: number, failed = false): CallSample => ({
  service,
  kind: 'client',
  peer,
  durationMs,
  failed,
});
const quiet = { calls: 0, errors: 0, ratePerSecond: 0, p50Ms: 0, p95Ms: 0, p99Ms: 0 };
const all = (ms: number) => ({ p50Ms: ms, p95Ms: ms, p99Ms: ms });

test.each<{ name: string; samples: CallSample[]; nodes: object[]; edges: object[] }>([
  { name: 'nothing', samples: [], nodes: [], edges: [] },
  {
    name: 'numbers of a node come from its own server spans, of an edge from its callers',
    samples: [called('shop', 'payment', 50), called('shop', 'payment', 70, true), served('payment', 40)],
    nodes: [
      { service: 'payment', seenBy: 'itself', calls: 1, errors: 0, ratePerSecond: 0.1, ...all(40) },
      { service: 'shop', seenBy: 'nobody', ...quiet },
    ],
    edges: [
      {
        from: 'shop',
        to: 'payment',
        calls: 2,
        errors: 1,
        ratePerSecond: 0.2,
        p50Ms: 50,
        p95Ms: 70,
        p99Ms: 70,
      },
    ],
  },
  {
    name: 'a service that records nothing is seen by all of its callers',
    samples: [called('b', 'partner', 30), called('a', 'partner', 10, true), called('a', 'partner', 20)],
    nodes: [
      { service: 'a', seenBy: 'nobody', ...quiet },
      { service: 'b', seenBy: 'nobody', ...quiet },
      {
        service: 'partner',
        seenBy: 'callers',
        calls: 3,
        errors: 1,
        ratePerSecond: 0.3,
        p50Ms: 20,
        p95Ms: 30,
        p99Ms: 30,
      },
    ],
    edges: [
      { from: 'a', to: 'partner', calls: 2, errors: 1, ratePerSecond: 0.2, p50Ms: 10, p95Ms: 20, p99Ms: 20 },
      { from: 'b', to: 'partner', calls: 1, errors: 0, ratePerSecond: 0.1, ...all(30) },
    ],
  },
  {
    name: 'messages count like calls; internal work and calls to nobody in particular do not',
    samples: [
      { service: 'shop', kind: 'producer', peer: 'analytics', durationMs: 2, failed: false },
      { service: 'analytics', kind: 'consumer', durationMs: 8, failed: false },
      { service: 'shop', kind: 'internal', durationMs: 99, failed: true },
      { service: 'shop', kind: 'client', durationMs: 99, failed: true },
    ],
    nodes: [
      { service: 'analytics', seenBy: 'itself', calls: 1, errors: 0, ratePerSecond: 0.1, ...all(8) },
      { service: 'shop', seenBy: 'nobody', ...quiet },
    ],
    edges: [{ from: 'shop', to: 'analytics', calls: 1, errors: 0, ratePerSecond: 0.1, ...all(2) }],
  },
])('$name', ({ samples, nodes, edges }) => {
  expect(serviceMapOf(samples, 10_000)).toEqual({ windowMs: 10_000, nodes, edges });
});

test('laws: order does not matter, no call is lost or doubled, and every edge ends at nodes', () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd');
  const sample = fc.oneof(
    fc.record({
      service: name,
      kind: fc.constant('server' as const),
      durationMs: fc.nat(),
      failed: fc.boolean(),
    }),
    fc.record({
      service: name,
      kind: fc.constant('client' as const),
      peer: fc.constantFrom('a', 'b', 'outside'),
      durationMs: fc.nat(),
      failed: fc.boolean(),
    }),
  );
  const reached = new Set<string>();
  fc.assert(
    fc.property(fc.array(sample, { maxLength: 60, size: 'max' }), (samples) => {
      const map = serviceMapOf(samples, 1_000);
      expect(serviceMapOf(samples.toReversed(), 1_000)).toEqual(map);

      const own = map.nodes.filter(({ seenBy }) => seenBy === 'itself');
      const count = (kind: string, failed: boolean) =>
        samples.filter((each) => each.kind === kind && (each.failed || !failed)).length;
      const sum = (of: readonly { calls: number; errors: number }[], field: 'calls' | 'errors') =>
        of.reduce((total, each) => total + each[field], 0);
      expect(sum(own, 'calls')).toBe(count('server', false));
      expect(sum(own, 'errors')).toBe(count('server', true));
      expect(sum(map.edges, 'calls')).toBe(count('client', false));
      expect(sum(map.edges, 'errors')).toBe(count('client', true));

      const services = map.nodes.map(({ service }) => service);
      expect(new Set(services).size).toBe(services.length);
      for (const edge of map.edges) expect(services).toEqual(expect.arrayContaining([edge.from, edge.to]));
      for (const node of map.nodes) reached.add(node.seenBy);
    }),
  );
  expect(reached).toEqual(new Set(['itself', 'callers', 'nobody']));
});
