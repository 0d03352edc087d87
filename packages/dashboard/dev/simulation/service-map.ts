/** Who calls whom in the fake shop, with numbers that follow its traffic and its chaos. */
import type { ChaosSettings, ServiceMapView } from '../../src/contract.ts';
import { SERVICES } from './catalogue.ts';

const WINDOW_MS = 60_000;
const TYPICAL_MS: Readonly<Record<string, number>> = {
  ...{
    payment: 200,
    inventory: 150,
    shipping: 300,
    products: 150,
    history: 120,
    recommendations: 180,
    analytics: 60,
    partner: 240,
  },
};
const EDGES: readonly (readonly [from: string, to: string, share: 'orders' | 'searches'])[] = [
  ['api', 'engine', 'orders'],
  ['api', 'worker', 'searches'],
  ['engine', 'worker', 'orders'],
  ['worker', 'payment', 'orders'],
  ['worker', 'inventory', 'orders'],
  ['worker', 'shipping', 'orders'],
  ['worker', 'analytics', 'orders'],
  ['worker', 'history', 'searches'],
  ['worker', 'products', 'searches'],
  ['worker', 'recommendations', 'searches'],
  ['worker', 'partner', 'searches'],
];

export function serviceMap(
  chaos: ReadonlyMap<string, ChaosSettings>,
  traffic: { readonly orders: number; readonly searches: number },
): ServiceMapView {
  const numbers = (service: string, rate: number): Omit<ServiceMapView['nodes'][number], 'service'> => {
    const settings = chaos.get(service);
    const known = service in TYPICAL_MS;
    const errorRatio = !known ? 0 : settings === undefined || settings.hang ? 1 : settings.errorRatio;
    const p50Ms = (TYPICAL_MS[service] ?? 12) + (settings?.extraLatencyMs ?? 0);
    const calls = Math.round((rate * WINDOW_MS) / 1000);
    return {
      calls,
      errors: Math.round(calls * errorRatio),
      ratePerSecond: rate,
      p50Ms,
      p95Ms: p50Ms * 1.8,
      p99Ms: p50Ms * 2.4,
    };
  };
  const edges = EDGES.map(([from, to, share]) => ({ from, to, ...numbers(to, traffic[share]) }));
  const names = ['api', 'engine', 'worker', ...SERVICES.map(({ name }) => name)];
  const rateInto = (name: string): number =>
    name === 'api'
      ? traffic.orders + traffic.searches
      : edges.filter(({ to }) => to === name).reduce((sum, edge) => sum + edge.ratePerSecond, 0);
  return {
    windowMs: WINDOW_MS,
    nodes: names.map((service) => ({ service, ...numbers(service, rateInto(service)) })),
    edges,
  };
}
