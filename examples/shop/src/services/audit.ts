/**
 * The truth about money, goods and shipments, from the services' own stores alone: whether every
 * effect happened once and every order is wholly done or wholly undone.
 */
import { type Books, type Goods, type LedgerRow, readBooks } from './audit/read.ts';
import { differences, repeats, type Sums, sumBy, total } from './audit/sums.ts';

export { AuditError } from './audit/read.ts';

export interface Audit {
  readonly money: {
    /** What all customers had at first. */
    readonly initialCents: number;
    readonly balancesCents: number;
    /** Reserved, neither taken nor given back; 0 when no order is under way. By the ledger, like the next two. */
    readonly heldCents: number;
    /** Taken, less what was refunded. */
    readonly takingsCents: number;
    readonly refundedCents: number;
    /** Price × units of what left the shelves for orders. */
    readonly goodsValueCents: number;
  };
  readonly stock: {
    readonly initialUnits: number;
    readonly unitsOnShelves: number;
    /** Off the shelf for an order that is not undone. */
    readonly unitsReserved: number;
    /** In booked shipments. */
    readonly unitsShipped: number;
  };
  /** Order ids by what the stores say of them, sorted. */
  readonly orders: {
    readonly captured: readonly string[];
    readonly reservedStock: readonly string[];
    readonly shipped: readonly string[];
    /** Money held: an order under way, or one that somebody forgot. */
    readonly held: readonly string[];
  };
  /** Ledger rows of the same order, kind and product beyond the first, over all three ledgers. */
  readonly duplicatedEffects: number;
  /** Cents and units that do not add up; 0 when the books are right and no order is under way. */
  readonly balanceDifference: { readonly money: number; readonly stock: number };
}

/**
 * Audits the stores in `dataFolder`. Reads only; works while the services run, but each store is read at
 * a moment of its own, so an order under way shows as a difference then.
 *
 * `balanceDifference.money` = Σ per customer |initial − balance − held − takings| + Σ per order held
 * + Σ per order |takings − value of the goods reserved| + Σ per order |ledger − reservation|.
 * `balanceDifference.stock` = Σ per product |initial − on the shelf − reserved| + Σ per order and product
 * |reserved − shipped| + Σ per order and product |ledger − reservation| + Σ per order |ledger − shipment|.
 * Each part is a sum of amounts, so that no error cancels another.
 *
 * @throws AuditError (`HF_SHOP_AUDIT`) when a store is missing or unreadable.
 */
export function audit(dataFolder: string): Audit {
  const books = readBooks(dataFolder);
  const money = auditMoney(books);
  const stock = auditStock(books);
  const { payments, shelves, reserved, shipped } = books;
  return {
    money: money.totals,
    stock: {
      initialUnits: shelves.reduce((sum, each) => sum + each.initialUnits, 0),
      unitsOnShelves: shelves.reduce((sum, each) => sum + each.units, 0),
      unitsReserved: reserved.reduce((sum, each) => sum + each.units, 0),
      unitsShipped: shipped.reduce((sum, each) => sum + each.units, 0),
    },
    orders: {
      captured: payments.filter(({ state }) => state === 'captured').map(({ orderId }) => orderId),
      reservedStock: [...new Set(reserved.map(({ orderId }) => orderId))],
      shipped: books.shipments,
      held: payments.filter(({ state }) => state === 'reserved').map(({ orderId }) => orderId),
    },
    duplicatedEffects:
      repeats(books.paymentLedger, effect) +
      repeats(books.inventoryLedger, effect) +
      repeats(books.shippingLedger, effect),
    balanceDifference: { money: money.difference, stock },
  };
}

function auditMoney(books: Books): { readonly totals: Audit['money']; readonly difference: number } {
  const { accounts, payments, paymentLedger: ledger, reserved, shelves } = books;
  const held = sumBy(ledger, orderOf, signed({ reserve: 1, capture: -1, release: -1 }));
  const takings = sumBy(ledger, orderOf, signed({ capture: 1, refund: -1 }));
  const prices = new Map(shelves.map(({ productId, priceCents }) => [productId, priceCents]));
  const goodsValue = sumBy(reserved, orderOf, ({ productId, units }) => units * (prices.get(productId) ?? 0));
  const customers = new Map(
    payments.map(({ orderId, customerId }) => [orderId, customerId ?? `nobody (${orderId})`]),
  );
  const spent = sumBy(
    [...held, ...takings],
    ([orderId]) => customers.get(orderId) ?? `nobody (${orderId})`,
    ([, amount]) => amount,
  );
  const missing = sumBy(
    accounts,
    ({ customerId }) => customerId,
    (each) => each.initialCents - each.balanceCents,
  );
  const amountIn = (wanted: string): Sums =>
    sumBy(
      payments.filter(({ state }) => state === wanted),
      orderOf,
      ({ amountCents }) => amountCents,
    );
  return {
    totals: {
      initialCents: accounts.reduce((sum, each) => sum + each.initialCents, 0),
      balancesCents: accounts.reduce((sum, each) => sum + each.balanceCents, 0),
      heldCents: total(held),
      takingsCents: total(takings),
      goodsValueCents: total(goodsValue),
      refundedCents: total(sumBy(ledger, orderOf, signed({ refund: 1 }))),
    },
    difference:
      differences(missing, spent) +
      differences(held, new Map()) +
      differences(takings, goodsValue) +
      differences(held, amountIn('reserved')) +
      differences(takings, amountIn('captured')),
  };
}

function auditStock({
  shelves,
  reserved,
  shipped,
  shipments,
  inventoryLedger,
  shippingLedger,
}: Books): number {
  const units = ({ units: count }: Goods): number => count;
  const gone = sumBy(shelves, productOf, (each) => each.initialUnits - each.units);
  const reservedLines = sumBy(reserved, lineOf, units);
  const ledgerLines = sumBy(inventoryLedger, lineOf, signed({ reserve: 1, release: -1 }));
  const booked = sumBy(
    shipments,
    (orderId) => orderId,
    () => 1,
  );
  const ledgerShipments = sumBy(shippingLedger, orderOf, ({ kind }) => (kind === 'ship' ? 1 : -1));
  return (
    differences(gone, sumBy(reserved, productOf, units)) +
    differences(reservedLines, sumBy(shipped, lineOf, units)) +
    differences(ledgerLines, reservedLines) +
    differences(ledgerShipments, booked)
  );
}

function signed(signs: Readonly<Record<string, 1 | -1>>): (row: LedgerRow) => number {
  return ({ kind, amount }) => (signs[kind] ?? 0) * amount;
}

function orderOf({ orderId }: { readonly orderId: string }): string {
  return orderId;
}

function productOf({ productId }: { readonly productId: string }): string {
  return productId;
}

function lineOf({
  orderId,
  productId,
}: {
  readonly orderId: string;
  readonly productId: string | undefined;
}): string {
  return `${orderId} ${productId}`;
}

function effect({ orderId, kind, productId }: LedgerRow): string {
  return `${orderId} ${kind} ${productId ?? ''}`;
}
