/** The Hono app that every service shares: local callers only, spans, logs, bounds, problems, chaos, health. */
import { performance } from 'node:perf_hooks';
import type { Tier } from '@holdfast/dashboard/contract';
import { type Context, Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { matchedRoutes } from 'hono/route';
import { MAX_BODY_BYTES } from './body.ts';
import { chaosGate, chaosRoutes } from './chaos-gate.ts';
import { PROBLEMS, ProblemError, problemDocument, type Refusal } from './problems.ts';
import type { ServiceApp, ServiceContext, ServiceEnvironment, ServiceRequest } from './service.ts';
import type { ServiceTelemetry } from './telemetry.ts';

export interface AppOptions {
  readonly service: string;
  readonly tier: Tier;
  readonly context: ServiceContext;
  readonly telemetry: ServiceTelemetry;
  readonly chaosEnabled: boolean;
  readonly crash: () => void;
}

export function serviceApp({
  service,
  tier,
  context,
  telemetry,
  chaosEnabled,
  crash,
}: AppOptions): ServiceApp {
  const app: ServiceApp = new Hono<ServiceEnvironment>();
  app.onError((error, request) => refuse(request, refusalFor(error, telemetry)));
  app.notFound((request) =>
    refuse(request, {
      code: 'route-unknown',
      detail: `${service} has no ${request.req.method} ${request.req.path}`,
    }),
  );
  app.use(observed(telemetry));
  app.use(localOnly);
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES, onError: tooLarge }));
  app.get('/health', (request) => request.json({ service, tier, ok: true, pid: process.pid }));
  chaosRoutes(app, service, context.chaos, chaosEnabled, crash);
  app.use(chaosGate(context));
  return app;
}

/**
 * One server span and one log line per request, correlation id on every answer. Both end when the answer has
 * gone out (or the caller has), so that streamed and lost answers show their real duration.
 */
function observed(telemetry: ServiceTelemetry): MiddlewareHandler<ServiceEnvironment> {
  return (request, next) =>
    new Promise((resolve, reject) => {
      const startedAt = performance.now();
      const { method, path } = request.req;
      const route = routeOf(request);
      const { outgoing } = request.env;
      const closed = new Promise<void>((left) => outgoing.once('close', () => left()));
      telemetry
        .serve(`${method} ${route}`, request.req.header(), { method, route }, async (scope) => {
          const correlationId = scope.correlation.id;
          request.set('correlationId', correlationId);
          await next();
          request.res.headers.set('x-correlation-id', correlationId);
          const { status } = request.res;
          resolve();
          await closed;
          const answered = outgoing.writableFinished;
          const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
          scope.set({ status, answered });
          if (status >= 500 || !answered)
            scope.fail(new Error(answered ? `answered ${status}` : 'the answer was not delivered'));
          telemetry.log.info({ correlationId, method, route, path, status, answered, durationMs }, 'request');
        })
        .catch(reject);
    });
}

/** The path as registered, so that spans of one route share a name; what no route takes shares one too. */
function routeOf(request: ServiceRequest): string {
  return matchedRoutes(request).findLast(({ method }) => method !== 'ALL')?.path ?? '(no route)';
}

/** A web page elsewhere must not reach the services through a browser: they answer local names and no foreign Origin. */
const localOnly: MiddlewareHandler<ServiceEnvironment> = async (request, next) => {
  const host = request.req.header('host') ?? '';
  const origin = request.req.header('origin');
  if (!/^(127\.0\.0\.1|localhost)(:\d+)?$/.test(host) || origin !== undefined) {
    const [header, value] = origin === undefined ? ['host', host] : ['origin', origin];
    throw new ProblemError(
      'foreign-request',
      `the ${header} "${value.slice(0, 100)}" is not served; this is for local services only`,
      [
        {
          pointer: `/headers/${header}`,
          detail: header === 'host' ? 'must be 127.0.0.1 or localhost' : 'must be absent',
        },
      ],
    );
  }
  await next();
};

function tooLarge(request: Context<ServiceEnvironment>): Response {
  return refuse(request, {
    code: 'body-too-large',
    detail: `the body is longer than ${MAX_BODY_BYTES} bytes; nothing was changed`,
  });
}

function refuse(request: ServiceRequest, refusal: Refusal): Response {
  return new Response(JSON.stringify(problemDocument(refusal, request.get('correlationId'))), {
    status: PROBLEMS[refusal.code].status,
    headers: { 'content-type': 'application/problem+json' },
  });
}

function refusalFor(error: Error, telemetry: ServiceTelemetry): Refusal {
  if (error instanceof ProblemError) return error.refusal;
  telemetry.log.error({ err: error }, 'request failed');
  return isStoreError(error)
    ? {
        code: 'store-unavailable',
        detail: 'the store did not take the change in time; nothing was changed, try again with the same key',
      }
    : {
        code: 'internal-error',
        detail: 'an unexpected error, see the log by this correlation id; try again with the same key',
      };
}

function isStoreError(error: Error): boolean {
  return 'code' in error && error.code === 'ERR_SQLITE_ERROR';
}
