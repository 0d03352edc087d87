/**
 * The shop's world, made from a seed: products, customers and their past orders. Pure, so that every
 * service makes the same world for itself and none has to ask another.
 */

import { between, normal, pick, type Random, seededRandom, shuffled } from '../kit/random.ts';
import { BRANDS, CATEGORIES, FIRST_NAMES, LAST_NAMES, STYLES } from './words.ts';

export const PRODUCT_COUNT = 5_000;
export const CUSTOMER_COUNT = 500;

export interface Product {
  /** `p-00001` to `p-05000`. */
  readonly productId: string;
  readonly name: string;
  readonly category: string;
  readonly priceCents: number;
  /** Pieces on the shelf at the start, 20..500. */
  readonly stock: number;
  /** 0..1, how much it is bought; few products are very popular. */
  readonly popularity: number;
  /** Words that people search for, parted by spaces. */
  readonly keywords: string;
}

export interface Customer {
  /** `c-001` to `c-500`. */
  readonly customerId: string;
  readonly name: string;
  /** 4,000 to 9,000 euro. */
  readonly balanceCents: number;
}

export interface PastOrder {
  readonly orderId: string;
  readonly customerId: string;
  readonly atMs: number;
  readonly lines: readonly { readonly productId: string; readonly quantity: number }[];
  readonly totalCents: number;
}

export interface Catalogue {
  readonly products: readonly Product[];
  readonly customers: readonly Customer[];
  readonly pastOrders: readonly PastOrder[];
}

/** The past ends here (2026-01-01T00:00Z), a year after it began: the same seed must give the same times. */
const PAST_ENDS_MS = 1_767_225_600_000;
const YEAR_MS = 365 * 24 * 3_600_000;

export function products(seed: number): readonly Product[] {
  const random = seededRandom(seed, 'products');
  const all = CATEGORIES.flatMap(({ name: category, things }) =>
    things.flatMap((thing) =>
      BRANDS.flatMap((brand) => STYLES.map((style) => ({ category, thing, brand, style }))),
    ),
  );
  return shuffled(random, all)
    .slice(0, PRODUCT_COUNT)
    .map(({ category, thing: [noun, typicalCents, keywords], brand, style }, index) => ({
      productId: `p-${String(index + 1).padStart(5, '0')}`,
      name: `${brand} ${style} ${noun}`,
      category,
      keywords,
      priceCents: price(typicalCents, random),
      stock: between(random, 20, 500),
      popularity: Math.round(random() ** 3 * 1_000) / 1_000,
    }));
}

export function customers(seed: number): readonly Customer[] {
  const random = seededRandom(seed, 'customers');
  const names = FIRST_NAMES.flatMap((first) => LAST_NAMES.map((last) => `${first} ${last}`));
  return shuffled(random, names)
    .slice(0, CUSTOMER_COUNT)
    .map((name, index) => ({
      customerId: `c-${String(index + 1).padStart(3, '0')}`,
      name,
      balanceCents: between(random, 40, 90) * 10_000,
    }));
}

/** Six to twelve orders a customer, mostly from two or three categories that this customer likes. */
export function catalogue(seed: number): Catalogue {
  const world = { products: products(seed), customers: customers(seed) };
  const random = seededRandom(seed, 'past-orders');
  const byCategory = CATEGORIES.map(({ name }) => world.products.filter(({ category }) => category === name));
  const pastOrders = world.customers.flatMap(({ customerId }) => {
    const liked = shuffled(random, byCategory).slice(0, between(random, 2, 3));
    return Array.from({ length: between(random, 6, 12) }, (_, index): PastOrder => {
      const bought = Array.from({ length: between(random, 1, 4) }, () =>
        popular(pick(random, liked), random),
      );
      const lines = [...new Set(bought)].map((product) => ({ product, quantity: between(random, 1, 2) }));
      return {
        orderId: `past-${customerId}-${index + 1}`,
        customerId,
        atMs: PAST_ENDS_MS - Math.floor(random() * YEAR_MS),
        lines: lines.map(({ product, quantity }) => ({ productId: product.productId, quantity })),
        totalCents: lines.reduce((sum, { product, quantity }) => sum + product.priceCents * quantity, 0),
      };
    });
  });
  return { ...world, pastOrders };
}

/** Around the typical price, ending in 9: at least 4.99. */
function price(typicalCents: number, random: Random): number {
  return Math.max(499, Math.round((typicalCents * Math.exp(0.35 * normal(random))) / 10) * 10 - 1);
}

/** The more popular of three drawn at random. */
function popular(from: readonly Product[], random: Random): Product {
  const drawn = [pick(random, from), pick(random, from), pick(random, from)] as const;
  return drawn.reduce((best, each) => (each.popularity > best.popularity ? each : best));
}
