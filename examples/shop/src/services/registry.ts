/** Every service by name, loaded only when it is the one to run: thirteen processes start at once. */
import type { ServiceDefinition } from './kit/service.ts';

const LOADERS = {
  payment: async () => (await import('./payment/service.ts')).payment,
  inventory: async () => (await import('./inventory/service.ts')).inventory,
  shipping: async () => (await import('./shipping/service.ts')).shipping,
  products: async () => (await import('./products/service.ts')).products,
  history: async () => (await import('./history/service.ts')).history,
  recommendations: async () => (await import('./recommendations/service.ts')).recommendations,
  analytics: async () => (await import('./analytics/service.ts')).analytics,
  partner: async () => (await import('./partner/service.ts')).partner,
} as const satisfies Record<string, () => Promise<ServiceDefinition>>;

export type ServiceName = keyof typeof LOADERS;

export const SERVICE_NAMES: readonly ServiceName[] = [
  ...(['payment', 'inventory', 'shipping', 'products', 'history'] as const),
  ...(['recommendations', 'analytics', 'partner'] as const),
];

export function isServiceName(name: string): name is ServiceName {
  return SERVICE_NAMES.some((each) => each === name);
}

export async function loadService(name: ServiceName): Promise<ServiceDefinition> {
  return await LOADERS[name]();
}
