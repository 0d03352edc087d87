/** What the outside marketplace sells: some of our products at its own prices, and some of its own. Pure. */

import { type Product, products } from '../catalogue/catalogue.ts';
import type { StoredProduct } from '../catalogue/product-table.ts';
import { seededRandom } from '../kit/random.ts';

/** Share of our range that the partner sells too, under our product ids. */
const SHARED_RATIO = 0.2;
/** Share of our range of which the partner has a variant of its own. */
const OWN_RATIO = 0.1;

/** About 1,500 offers; own ones have ids `x-…`. */
export function offers(seed: number): readonly StoredProduct[] {
  const random = seededRandom(seed, 'partner');
  return products(seed).flatMap((product): StoredProduct[] => {
    const drawn = random();
    const priceCents = Math.max(1, Math.round(product.priceCents * (0.85 + 0.3 * random())));
    if (drawn < SHARED_RATIO) return [{ ...stored(product), priceCents }];
    if (drawn >= SHARED_RATIO + OWN_RATIO) return [];
    const productId = product.productId.replace('p-', 'x-');
    return [{ ...stored(product), productId, name: `${product.name} (Marketplace)`, priceCents }];
  });
}

function stored({ productId, name, category, priceCents, popularity, keywords }: Product): StoredProduct {
  return { productId, name, category, priceCents, popularity, keywords };
}
