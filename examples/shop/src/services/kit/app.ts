/** The Hono app that every service shares: local callers only, observed, bounded, with problems, chaos and health. */
import type { Tier } from '@holdfast/dashboard/contract';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { MAX_BODY_BYTES } from './body.ts';
import { chaosGate, chaosRoutes } from './chaos-gate.ts';
import { localOnly } from './local-only.ts';
import { observed } from './observed.ts';
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

function tooLarge(request: ServiceRequest): Response {
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
  return isStoreUnavailable(error)
    ? {
        code: 'store-unavailable',
        detail: 'the store could not take the change; nothing was changed, try again with the same key',
      }
    : {
        code: 'internal-error',
        detail: 'an unexpected error, see the log by this correlation id; try again with the same key',
      };
}

/** SQLite's primary result codes for what passes: busy, locked, read-only, I/O error, disk full, cannot open. A broken constraint is a bug. */
const UNAVAILABLE = new Set([5, 6, 8, 10, 13, 14]);

function isStoreUnavailable(error: Error): boolean {
  return 'errcode' in error && typeof error.errcode === 'number' && UNAVAILABLE.has(error.errcode & 0xff);
}
