/** Inventory: takes the goods of an order off the shelf, all of them or none, and puts them back. */
import { z } from 'zod';
import { products } from '../catalogue/catalogue.ts';
import { jsonBody, noBody, pathPart } from '../kit/body.ts';
import { type Line, linesField, orderIdField, sameLines, summedLines } from '../kit/fields.ts';
import { ProblemError } from '../kit/problems.ts';
import type { Answer, Delivered, ServiceDefinition } from '../kit/service.ts';
import { decideCreate, decideUndo } from '../kit/undoable.ts';
import { INVENTORY_SCHEMA, type InventoryStore, inventoryStore } from './store.ts';

const reserveSchema = z.strictObject({ orderId: orderIdField, lines: linesField });
type ReserveRequest = z.infer<typeof reserveSchema>;

export const inventory: ServiceDefinition = {
  name: 'inventory',
  tier: 'critical',
  schema: INVENTORY_SCHEMA,
  fill: (database, seed) => {
    const insert = database.prepare('INSERT INTO stock VALUES (?, ?, ?, ?)');
    for (const { productId, priceCents, stock } of products(seed))
      insert.run(productId, priceCents, stock, stock);
  },
  routes: (app, { database, chaos, mutate }) => {
    const store = inventoryStore(database);
    app.post('/reservations', async (request) => {
      const body = await jsonBody(request, reserveSchema);
      return await mutate(request, 'inventory', body, (asked, delivered) =>
        reserve(store, asked, delivered, chaos.declines),
      );
    });
    app.post('/reservations/:orderId/release', async (request) => {
      const orderId = pathPart(request, 'orderId', orderIdField);
      await noBody(request);
      return await mutate(request, 'inventory', { orderId }, (_, delivered) =>
        release(store, orderId, delivered),
      );
    });
  },
};

function reserve(
  store: InventoryStore,
  asked: ReserveRequest,
  delivered: Delivered,
  declines: (orderId: string) => boolean,
): Answer {
  const { orderId } = asked;
  const lines = summedLines(asked.lines);
  const body = { orderId, state: 'reserved', lines };
  refuseUnknown(store, asked.lines);
  switch (decideCreate(store.state(orderId), sameLines(store.linesOf(orderId), lines))) {
    case 'too-late':
      return {
        refusal: {
          code: 'already-released',
          detail: `order ${orderId} was undone, for good; no goods moved`,
        },
      };
    case 'conflict':
      return {
        refusal: {
          code: 'order-conflict',
          detail: `order ${orderId} already holds other goods; release it first`,
        },
      };
    case 'repeat':
      return { status: 200, body };
    case 'apply': {
      const short = lines.find(
        (line) => declines(orderId) || (store.units(line.productId) ?? 0) < line.quantity,
      );
      if (short !== undefined)
        return insufficient(orderId, short, declines(orderId) ? 0 : (store.units(short.productId) ?? 0));
      store.take(orderId, lines, delivered);
      return { status: 201, body };
    }
  }
}

function release(store: InventoryStore, orderId: string, delivered: Delivered): Answer {
  const decision = decideUndo(store.state(orderId));
  if (decision === 'undo') store.putBack(orderId, store.linesOf(orderId), delivered);
  else if (decision === 'entomb') store.entomb(orderId, delivered);
  return { status: 200, body: { orderId, state: 'released' } };
}

function refuseUnknown(store: InventoryStore, lines: readonly Line[]): void {
  const errors = lines.flatMap(({ productId }, index) =>
    store.units(productId) === undefined
      ? [{ pointer: `/lines/${index}/productId`, detail: `"${productId}" is not a product of this shop` }]
      : [],
  );
  const [first] = errors;
  if (first !== undefined)
    throw new ProblemError(
      'unknown-product',
      `${first.pointer} ${first.detail}; nothing was changed`,
      errors,
    );
}

function insufficient(orderId: string, { productId, quantity }: Line, available: number): Answer {
  return {
    refusal: {
      code: 'insufficient-stock',
      detail: `order ${orderId} wants ${quantity} of ${productId}, ${available} are available; no goods moved`,
    },
  };
}
