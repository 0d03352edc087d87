/**
 * A shop without a shop: serves the built page and a seeded simulation of everything it reads. Page tests
 * drive it, and `node packages/dashboard/dev/fake-shop.ts` shows the page to whoever works on it.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { LiveEvents } from '../src/contract.ts';
import { answer, refuse } from './routes.ts';
import { CHOICES } from './simulation/catalogue.ts';
import type { Fate } from './simulation/orders.ts';
import { seededRandom } from './simulation/random.ts';
import { type World, world } from './simulation/world.ts';

const TICK_MS = 100;
const MAX_BODY_BYTES = 64 * 1024;
/** Which of the past orders needs a person. */
const STUCK_AT = 8;
const TYPES: Readonly<Record<string, string>> = {
  ...{ '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8' },
  ...{ '.css': 'text/css; charset=utf-8', '.svg': 'image/svg+xml' },
};

export interface FakeShopOptions {
  /** Folder of the built page. */
  readonly pageFolder: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 7. */
  readonly seed?: number;
  /** Default true. */
  readonly chaosEnabled?: boolean;
  /** Whether orders and searches come by themselves. Default false. */
  readonly lively?: boolean;
  /** Finished orders of every outcome that are there from the start. Default 0. */
  readonly pastOrders?: number;
}

export interface FakeShop extends AsyncDisposable {
  readonly url: string;
  readonly world: World;
  /** Cuts every open event stream; with `refuseForMs`, new ones get 503 for that long. */
  dropStreams(refuseForMs?: number): void;
}

export async function fakeShop(options: FakeShopOptions): Promise<FakeShop> {
  const { pageFolder, port = 0, seed = 7, chaosEnabled = true, lively = false, pastOrders = 0 } = options;
  const streams = new Set<ServerResponse>();
  let refusingUntilMs = 0;
  const publish = <K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]): void => {
    for (const stream of streams) stream.write(event(kind, data));
  };
  const shop = world({ seed, chaosEnabled, lively, publish });
  fillPast(shop, pastOrders, seed, Date.now());

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      send(response, 500, refuse(500, 'HF_SHOP_INTERNAL', String(error), []).body);
    });
  });
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (url.pathname === '/api/events') return openStream(response);
    if (!url.pathname.startsWith('/api/')) return servePage(pageFolder, url.pathname, response);
    const reply = answer(shop, request.method ?? 'GET', url, await readJson(request), Date.now());
    send(response, reply.status, reply.body);
  };
  const openStream = (response: ServerResponse): void => {
    if (Date.now() < refusingUntilMs) {
      send(response, 503, refuse(503, 'HF_SHOP_BUSY', 'The stream is closed', []).body);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(
      event('hello', {
        version: '0.1.0-fake',
        recentOrders: shop.orders(200),
        recentSearches: shop.searches(50),
      }),
    );
    response.write(event('status', shop.status(Date.now())));
    response.write(event('map', shop.map()));
    streams.add(response);
    response.on('close', () => streams.delete(response));
  };

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const timer = setInterval(() => shop.tick(Date.now()), TICK_MS);
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`,
    world: shop,
    dropStreams: (refuseForMs = 0) => {
      refusingUntilMs = Date.now() + refuseForMs;
      for (const stream of streams) stream.destroy();
    },
    [Symbol.asyncDispose]: async () => {
      clearInterval(timer);
      for (const stream of streams) stream.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function event<K extends keyof LiveEvents>(kind: K, data: LiveEvents[K]): string {
  return `event: ${kind}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Plays `count` orders of every outcome to their end, the newest a few seconds ago. */
function fillPast(shop: World, count: number, seed: number, nowMs: number): void {
  const random = seededRandom(seed + 1);
  const fates: readonly Fate[] = [
    { failure: 'refused', stumbles: {} },
    { failure: 'refused', stumbles: { ReservePayment: 2 } },
    { failAt: 'ReserveInventory', failure: 'refused', stumbles: {} },
    { failure: 'refused', stumbles: {} },
    { failAt: 'CreateShipping', failure: 'unknown', stumbles: { ReserveInventory: 1 } },
    { failure: 'refused', stumbles: { CreateShipping: 1 } },
    { failAt: 'ReservePayment', failure: 'refused', stumbles: {} },
    { failure: 'refused', stumbles: {} },
    { failAt: 'CreateShipping', failure: 'refused', stumbles: { ReleaseInventory: 2 } },
  ];
  const stuck: Fate = {
    failAt: 'CreateShipping',
    failure: 'unknown',
    stumbles: {},
    stuckAt: 'ReleaseInventory',
  };
  for (let index = 0; index < count; index += 1) {
    const customer = CHOICES.customers[index % CHOICES.customers.length];
    const product = CHOICES.products[Math.floor(random() * CHOICES.products.length)];
    if (customer === undefined || product === undefined) continue;
    const lines = [{ productId: product.productId, quantity: 1 + (index % 3) }];
    const acceptedAtMs = nowMs - (count - index) * 9_000;
    shop.place(
      { customerId: customer.customerId, lines },
      acceptedAtMs,
      index === STUCK_AT ? stuck : fates[index % fates.length],
    );
  }
  for (const query of ['garden chair', 'lamp', 'kettle']) shop.search(query, nowMs - 4_000);
  shop.tick(nowMs);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) return undefined;
    chunks.push(chunk);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  return text === '' ? undefined : JSON.parse(text);
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const type = status >= 400 ? 'application/problem+json' : 'application/json';
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

async function servePage(folder: string, pathname: string, response: ServerResponse): Promise<void> {
  const path = normalize(pathname === '/' ? '/index.html' : pathname);
  const type = TYPES[extname(path)];
  const bytes = type === undefined ? undefined : await readFile(join(folder, path)).catch(() => undefined);
  if (bytes === undefined || type === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('There is nothing here.\n');
    return;
  }
  response
    .writeHead(200, { 'content-type': type, 'content-security-policy': "default-src 'self'" })
    .end(bytes);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, 'no-chaos': { type: 'boolean' }, seed: { type: 'string' } },
  });
  const shop = await fakeShop({
    pageFolder: fileURLToPath(new URL('../dist/page', import.meta.url)),
    port: Number(values.port ?? 4180),
    seed: Number(values.seed ?? 7),
    chaosEnabled: values['no-chaos'] !== true,
    ...{ lively: true, pastOrders: 40 },
  });
  console.log(`The page on a simulated shop: ${shop.url}`);
}
