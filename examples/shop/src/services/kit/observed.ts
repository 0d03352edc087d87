/** Makes every request visible: its span, its log line, the correlation id on its answer. */
import { performance } from 'node:perf_hooks';
import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { ServiceEnvironment, ServiceRequest } from './service.ts';
import type { ServiceTelemetry } from './telemetry.ts';

/**
 * One server span and one log line per request, correlation id on every answer. Both end when the answer has
 * gone out (or the caller has), so that streamed and lost answers show their real duration.
 */
export function observed(telemetry: ServiceTelemetry): MiddlewareHandler<ServiceEnvironment> {
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
          // A caller that left early, at its deadline say, is no fault of this service.
          const answered = outgoing.writableFinished;
          const durationMs = Math.round((performance.now() - startedAt) * 10) / 10;
          scope.set({ status, answered });
          if (status >= 500) scope.fail(new Error(`answered ${status}`));
          if (request.get('answerLost') === true) scope.fail(new Error('the answer was lost'));
          telemetry.log.info({ correlationId, method, route, path, status, answered, durationMs }, 'request');
        })
        .catch(reject);
    });
}

/** The path as registered, so that spans of one route share a name; what no route takes shares one too. */
function routeOf(request: ServiceRequest): string {
  return matchedRoutes(request).findLast(({ method }) => method !== 'ALL')?.path ?? '(no route)';
}
