/** Makes chaos happen to a request, and the routes that control it. */
import { setImmediate } from 'node:timers';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { MiddlewareHandler } from 'hono';
import { jsonBody } from './body.ts';
import { type Chaos, chaosSettingsSchema } from './chaos.ts';
import { ProblemError } from './problems.ts';
import type { ServiceApp, ServiceContext, ServiceEnvironment, ServiceRequest } from './service.ts';

/** Order of the faults: hang, extra latency, error (before any effect); after the effect the answer may be lost. */
export function chaosGate({
  chaos,
  pause,
}: Pick<ServiceContext, 'chaos' | 'pause'>): MiddlewareHandler<ServiceEnvironment> {
  return async (request, next) => {
    const fate = chaos.nextFate();
    const left = clientLeft(request);
    if (fate.hangs) await chaos.untilReleased(left);
    if (fate.extraLatencyMs > 0) await pause(fate.extraLatencyMs, left);
    if (left.aborted) return nothing();
    if (fate.fails) {
      throw new ProblemError(
        'chaos-unavailable',
        `chaos refused this request before any effect (errorRatio ${chaos.settings.errorRatio})`,
      );
    }
    await next();
    if (!fate.losesAnswer) return;
    request.set('answerLost', true);
    request.env.incoming.socket.destroy();
    request.res = nothing();
    return;
  };
}

/** `GET/PUT /chaos` and `POST /chaos/crash`; all of them 404 unless `enabled`. `crash` must end the process at once. */
export function chaosRoutes(
  app: ServiceApp,
  service: string,
  chaos: Chaos,
  enabled: boolean,
  crash: () => void,
): void {
  app.use('/chaos/*', async (_request, next) => {
    if (enabled) return await next();
    throw new ProblemError('chaos-disabled', `start ${service} with --chaos to break it on purpose`);
  });
  app.get('/chaos', (request) => request.json(chaos.settings));
  app.put('/chaos', async (request) => {
    chaos.change(await jsonBody(request, chaosSettingsSchema));
    return request.json(chaos.settings);
  });
  app.post('/chaos/crash', (request) => {
    request.env.outgoing.once('finish', () => setImmediate(crash));
    return request.json({ service, state: 'crashing' }, 202);
  });
}

/** Tells the server to write nothing: there is nobody to read it, or nobody shall. */
function nothing(): Response {
  return new Response(null, { headers: RESPONSE_ALREADY_SENT.headers });
}

function clientLeft(request: ServiceRequest): AbortSignal {
  const left = new AbortController();
  request.env.outgoing.once('close', () => left.abort());
  return left.signal;
}
