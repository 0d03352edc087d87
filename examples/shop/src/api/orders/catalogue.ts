/** What the api must know of products and customers to check an order: asked from the product service, kept in a bounded cache. */
import type { ProductView } from '@holdfast/dashboard/contract';
import { z } from 'zod';
import type { ServiceClient } from '../../guarded/http.ts';
import { customers } from '../../services/catalogue/catalogue.ts';
import { ProblemError } from '../problems.ts';

const CACHED_PRODUCTS = 5_000;

const productSchema = z.object({
  productId: z.string(),
  name: z.string(),
  category: z.string(),
  priceCents: z.number().int(),
});
const lookupSchema = z.object({ products: z.array(productSchema) });

export interface Catalogue {
  hasCustomer(customerId: string): boolean;
  customers(): readonly { customerId: string; name: string }[];
  /** Known products of these ids. @throws ProblemError 503 when the product service does not answer. */
  products(ids: readonly string[]): Promise<ReadonlyMap<string, ProductView>>;
  popular(limit: number): Promise<readonly ProductView[]>;
}

export function catalogue(client: ServiceClient, seed: number): Catalogue {
  const people = customers(seed).map(({ customerId, name }) => ({ customerId, name }));
  const ids = new Set(people.map((person) => person.customerId));
  const cache = new Map<string, ProductView>();
  const keep = (found: readonly ProductView[]): void => {
    for (const product of found) {
      cache.set(product.productId, product);
      const [oldest] = cache.keys();
      if (cache.size > CACHED_PRODUCTS && oldest !== undefined) cache.delete(oldest);
    }
  };
  return {
    hasCustomer: (customerId) => ids.has(customerId),
    customers: () => people,
    products: async (wanted) => {
      const missing = wanted.filter((id) => !cache.has(id));
      if (missing.length > 0) {
        const body = { productIds: missing };
        keep(
          (
            await available(
              client.json('products', { method: 'POST', path: '/products/lookup', body }, lookupSchema),
            )
          ).products,
        );
      }
      return new Map(wanted.flatMap((id) => entry(id, cache.get(id))));
    },
    popular: async (limit) => {
      const { products } = await available(
        client.json('products', { method: 'GET', path: `/products?limit=${limit}` }, lookupSchema),
      );
      keep(products);
      return products;
    },
  };
}

function entry(id: string, product: ProductView | undefined): readonly [string, ProductView][] {
  return product === undefined ? [] : [[id, product]];
}

async function available<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw new ProblemError({
      ...{
        status: 503,
        code: 'HF_SHOP_PRODUCTS_UNAVAILABLE',
        title: 'Products cannot be looked up',
        retryAfterSeconds: 1,
      },
      detail: `the order changed nothing: ${error instanceof Error ? error.message : String(error)}`,
    });
  }
}
