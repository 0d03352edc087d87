/** The fake shop's routes as one pure-ish function: a request in, a status and a JSON value out. */
import type { ChaosSettings, Problem } from '../src/contract.ts';
import { CHOICES, SAGA, SERVICES } from './simulation/catalogue.ts';
import type { World } from './simulation/world.ts';

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

interface Fault {
  readonly pointer: string;
  readonly detail: string;
}

type Fields = Readonly<Record<string, unknown>>;

export function answer(world: World, method: string, url: URL, body: unknown, nowMs: number): Reply {
  const parts = url.pathname.split('/').slice(2).map(decodeURIComponent);
  switch (`${method} ${parts[0]}`) {
    case 'POST orders':
      return placeOrder(world, fields(body), nowMs);
    case 'GET orders': {
      if (parts[1] === undefined)
        return ok({ orders: world.orders(Number(url.searchParams.get('limit') ?? 200)) });
      const order = world.order(parts[1]);
      return order === undefined ? refuse(404, 'HF_SHOP_UNKNOWN_ORDER', 'No such order', []) : ok(order);
    }
    case 'GET saga':
      return ok(SAGA);
    case 'GET choices':
      return ok(CHOICES);
    case 'GET status':
      return ok(world.status(nowMs));
    case 'GET service-map':
      return ok(world.map());
    case 'GET search':
      return search(world, url.searchParams.get('q') ?? '', nowMs);
    case 'GET correlations':
      return ok({ spans: world.spans(parts[1] ?? '') });
    case 'PUT load':
      return setLoad(world, fields(body), nowMs);
    case 'GET chaos':
      return ok(world.chaos());
    case 'PUT chaos':
      return setChaos(world, parts[1] ?? '', fields(body));
    case 'POST chaos':
      return crash(world, parts[1] ?? '', nowMs);
    default:
      return refuse(404, 'HF_SHOP_NO_ROUTE', 'There is nothing here', []);
  }
}

export function refuse(status: number, code: string, title: string, errors: readonly Fault[]): Reply {
  const detail = errors.map(({ pointer, detail: each }) => `${pointer}: ${each}`).join('; ') || title;
  const problem: Problem = {
    ...{ type: `urn:holdfast:shop:${code.toLowerCase().replaceAll('_', '-')}`, title, status, detail, code },
    ...{ correlationId: 'fake', ...(errors.length === 0 ? {} : { errors }) },
  };
  return { status, body: problem };
}

function ok(body: unknown, status = 200): Reply {
  return { status, body };
}

function fields(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}

function invalid(errors: readonly Fault[]): Reply {
  return refuse(400, 'HF_SHOP_INVALID', 'The request is not valid', errors);
}

function placeOrder(world: World, body: Fields, nowMs: number): Reply {
  const customerId = String(body['customerId'] ?? '');
  const lines = Array.isArray(body['lines']) ? body['lines'].map(fields) : [];
  const request = lines.map((line) => ({
    productId: String(line['productId']),
    quantity: Number(line['quantity'] ?? Number.NaN),
  }));
  const faults: Fault[] = [];
  if (!CHOICES.customers.some((each) => each.customerId === customerId))
    faults.push({ pointer: '/customerId', detail: 'there is no such customer' });
  for (const [index, { productId, quantity }] of request.entries()) {
    if (!CHOICES.products.some((each) => each.productId === productId)) {
      faults.push({ pointer: `/lines/${index}/productId`, detail: `there is no product "${productId}"` });
    }
    if (!(Number.isInteger(quantity) && quantity >= 1 && quantity <= 100)) {
      faults.push({
        pointer: `/lines/${index}/quantity`,
        detail: `must be a whole number from 1 to 100 (given: ${lines[index]?.['quantity']})`,
      });
    }
  }
  if (request.length === 0) faults.push({ pointer: '/lines', detail: 'must hold at least one line' });
  return faults.length > 0 ? invalid(faults) : ok(world.place({ customerId, lines: request }, nowMs), 202);
}

function search(world: World, query: string, nowMs: number): Reply {
  if (query.trim() === '') return invalid([{ pointer: '/q', detail: 'must not be empty' }]);
  return ok(world.search(query.trim(), nowMs));
}

function setLoad(world: World, body: Fields, nowMs: number): Reply {
  const limits = { ordersPerSecond: 50, searchesPerSecond: 50, seconds: 600 };
  const load = {
    ordersPerSecond: Number(body['ordersPerSecond'] ?? Number.NaN),
    searchesPerSecond: Number(body['searchesPerSecond'] ?? Number.NaN),
    seconds: Number(body['seconds'] ?? Number.NaN),
  };
  const faults = (['ordersPerSecond', 'searchesPerSecond', 'seconds'] as const).flatMap((name) =>
    load[name] >= 0 && load[name] <= limits[name]
      ? []
      : [{ pointer: `/${name}`, detail: `must be from 0 to ${limits[name]} (given: ${body[name]})` }],
  );
  return faults.length > 0 ? invalid(faults) : ok(world.setLoad(load, nowMs));
}

function known(world: World, service: string): Reply | undefined {
  if (!world.chaos().enabled) return refuse(409, 'HF_SHOP_CHAOS_DISABLED', 'Chaos is switched off', []);
  if (SERVICES.some(({ name }) => name === service)) return undefined;
  return refuse(404, 'HF_SHOP_UNKNOWN_SERVICE', 'No such service', []);
}

function setChaos(world: World, service: string, body: Fields): Reply {
  const settings: ChaosSettings = {
    ...{
      errorRatio: Number(body['errorRatio']),
      declineRatio: Number(body['declineRatio']),
      lostAnswerRatio: Number(body['lostAnswerRatio']),
    },
    ...{ extraLatencyMs: Number(body['extraLatencyMs']), hang: body['hang'] === true },
  };
  const faults = (['errorRatio', 'declineRatio', 'lostAnswerRatio'] as const).flatMap((name) =>
    settings[name] >= 0 && settings[name] <= 1
      ? []
      : [{ pointer: `/${name}`, detail: `must be from 0 to 1 (given: ${body[name]})` }],
  );
  if (!(settings.extraLatencyMs >= 0 && settings.extraLatencyMs <= 10_000)) {
    faults.push({
      pointer: '/extraLatencyMs',
      detail: `must be from 0 to 10,000 (given: ${body['extraLatencyMs']})`,
    });
  }
  const unknown = known(world, service);
  if (unknown !== undefined) return unknown;
  if (faults.length > 0) return invalid(faults);
  world.setChaos(service, settings);
  return ok(settings);
}

function crash(world: World, service: string, nowMs: number): Reply {
  const unknown = known(world, service);
  if (unknown !== undefined) return unknown;
  world.crash(service, nowMs);
  return ok({}, 202);
}
