/** The page's chaos switches, handed on to the services' own `/chaos`. Administrative: not guarded, short patience. */
import type { ChaosSettings, ChaosView } from '@holdfast/dashboard/contract';
import { chaosSettingsSchema } from '../services/kit/chaos.ts';
import { SERVICES } from '../supervisor/topology.ts';
import { ProblemError, valid } from './problems.ts';

const PATIENCE_MS = 1_000;
export interface Chaos {
  view(): Promise<ChaosView>;
  set(service: string, body: unknown): Promise<ChaosSettings>;
  crash(service: string): Promise<void>;
}

export function chaos(urls: ReadonlyMap<string, string>, enabled: boolean): Chaos {
  const urlOf = (service: string): string => {
    if (!enabled) {
      throw new ProblemError({
        ...{ status: 409, code: 'HF_SHOP_CHAOS_DISABLED', title: 'Chaos is switched off' },
        detail:
          'this shop was started without chaos; nothing was changed. Start it with `npm start` without --no-chaos',
      });
    }
    const url = urls.get(service);
    if (url === undefined) {
      const detail = `there is no service ${JSON.stringify(service.slice(0, 60))}; there are ${[...urls.keys()].join(', ')}`;
      throw new ProblemError({
        status: 404,
        code: 'HF_SHOP_UNKNOWN_SERVICE',
        title: 'No such service',
        detail,
      });
    }
    return url;
  };
  return {
    view: async () => ({
      enabled,
      services: await Promise.all(
        SERVICES.map(async ({ name, tier }) => {
          const settings = enabled
            ? await ask(`${urls.get(name)}/chaos`, 'GET').catch(() => undefined)
            : undefined;
          return { service: name, tier, ...(settings === undefined ? {} : { settings }) };
        }),
      ),
    }),
    set: async (service, body) => {
      const url = urlOf(service);
      const settings = valid(chaosSettingsSchema, body, 'body');
      return await reached(service, ask(`${url}/chaos`, 'PUT', settings));
    },
    crash: async (service) => {
      const url = urlOf(service);
      await reached(service, post(`${url}/chaos/crash`));
    },
  };
}

async function ask(url: string, method: 'GET' | 'PUT', body?: ChaosSettings): Promise<ChaosSettings> {
  const response = await fetch(url, {
    ...{ method, signal: AbortSignal.timeout(PATIENCE_MS) },
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!response.ok) throw new Error(`${method} ${url} answered ${response.status}`);
  return chaosSettingsSchema.parse(await response.json());
}

async function post(url: string): Promise<void> {
  const response = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(PATIENCE_MS) });
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}`);
}

async function reached<T>(service: string, answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const detail = `${service} did not take it (${error instanceof Error ? error.message : String(error)}); it may be restarting, try again`;
    throw new ProblemError({
      status: 503,
      code: 'HF_SHOP_SERVICE_DOWN',
      title: 'The service is down',
      detail,
      retryAfterSeconds: 1,
    });
  }
}
