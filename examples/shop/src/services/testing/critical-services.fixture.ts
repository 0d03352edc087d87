/** Payment, inventory and shipping on one data folder, as the audit reads them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { products } from '../catalogue/catalogue.ts';
import { type Reply, type ServiceUnderTest, serviceUnderTest } from './service.fixture.ts';

export interface TestOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
}

export const COMMANDS = ['pay', 'capture', 'releasePayment', 'take', 'putBack', 'ship', 'cancel'] as const;
export type Command = (typeof COMMANDS)[number];

export interface CriticalServices extends AsyncDisposable {
  readonly dataFolder: string;
  /** One delivery of a command. The same key is the same request. */
  run(command: Command, order: TestOrder, key?: string): Promise<Reply>;
  /** Closes the services; their files stay until disposal. */
  close(): Promise<void>;
}

const prices = new Map(products(1).map(({ productId, priceCents }) => [productId, priceCents]));

export function costOf({ lines }: TestOrder): number {
  return lines.reduce((sum, { productId, quantity }) => sum + quantity * (prices.get(productId) ?? 0), 0);
}

type Service = 'payment' | 'inventory' | 'shipping';

/** Where a command goes and what it says. */
export function requestOf(
  command: Command,
  order: TestOrder,
): { readonly service: Service; readonly path: string; readonly body: object } {
  const { orderId, customerId, lines } = order;
  switch (command) {
    case 'pay':
      return {
        service: 'payment',
        path: '/reservations',
        body: { orderId, customerId, amountCents: costOf(order) },
      };
    case 'capture':
      return { service: 'payment', path: `/reservations/${orderId}/capture`, body: {} };
    case 'releasePayment':
      return { service: 'payment', path: `/reservations/${orderId}/release`, body: {} };
    case 'take':
      return { service: 'inventory', path: '/reservations', body: { orderId, lines } };
    case 'putBack':
      return { service: 'inventory', path: `/reservations/${orderId}/release`, body: {} };
    case 'ship':
      return { service: 'shipping', path: '/shipments', body: { orderId, customerId, lines } };
    case 'cancel':
      return { service: 'shipping', path: `/shipments/${orderId}/cancel`, body: {} };
  }
}

export async function criticalServices(): Promise<CriticalServices> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'holdfast-critical-'));
  const services: Readonly<Record<Service, ServiceUnderTest>> = {
    payment: await serviceUnderTest('payment', { dataFolder }),
    inventory: await serviceUnderTest('inventory', { dataFolder }),
    shipping: await serviceUnderTest('shipping', { dataFolder }),
  };
  return {
    dataFolder,
    run: (command, order, key = `${order.orderId}:${command}`) => {
      const { service, path, body } = requestOf(command, order);
      return services[service].post(path, body, key);
    },
    close: async () => {
      for (const service of Object.values(services)) await service.close();
    },
    [Symbol.asyncDispose]: async () => {
      for (const service of Object.values(services)) await service[Symbol.asyncDispose]();
      rmSync(dataFolder, { recursive: true, force: true });
    },
  };
}
