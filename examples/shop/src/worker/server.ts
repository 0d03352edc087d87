/** The worker's HTTP face: invocations, searches, and what its guards see. */
import type { Telemetry } from '@holdfast/telemetry';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Guards } from '../guarded/guards.ts';
import type { ServiceClient } from '../guarded/http.ts';
import type { ProcessArguments } from '../process/process.ts';
import { type Served, serveApp } from '../process/serve.ts';
import { shopSearch } from '../search/search.ts';
import { localOnly } from '../services/kit/local-only.ts';
import { ProblemError, problemDocument } from '../services/kit/problems.ts';
import type { StepFunction } from './functions.ts';
import { invoke } from './lambda.ts';

export interface WorkerParts {
  readonly args: ProcessArguments;
  readonly telemetry: Telemetry;
  readonly client: ServiceClient;
  readonly guarded: Guards;
  readonly functions: ReadonlyMap<string, StepFunction>;
}

const searchSchema = z.object({
  q: z.string().min(1).max(100),
  customerId: z.string().max(40).default(''),
  limit: z.coerce.number().int().min(1).max(50).default(20),
  deadlineMs: z.coerce.number().min(1).max(5_000).default(350),
});

/** The longest a search may take here; a caller with less time left says so. */
const SEARCH_DEADLINE_MS = 350;

export function serveWorker({ args, telemetry, client, guarded, functions }: WorkerParts): Promise<Served> {
  const search = shopSearch(client, SEARCH_DEADLINE_MS);
  const app = new Hono();
  app.use(localOnly);
  app.onError((error, c) => {
    if (error instanceof ProblemError) return c.json(problemDocument(error.refusal, 'none'), 403);
    telemetry.log.error({ err: error }, 'a request failed');
    return c.json({ message: error.message }, 500);
  });
  app.get('/health', (c) => c.json({ service: args.name, ok: true, pid: process.pid }));
  app.get('/status', (c) => c.json(guarded.view()));
  app.get('/search', async (c) => {
    const request = searchSchema.parse(c.req.query());
    return await telemetry.serve('GET /search', c.req.raw.headers, { query: request.q }, async (scope) => {
      const budgetMs = Math.min(request.deadlineMs, SEARCH_DEADLINE_MS);
      const found = await search.gather(
        { query: request.q, customerId: request.customerId, limit: request.limit },
        {
          signal: c.req.raw.signal,
          correlation: scope.correlation,
          deadlineAtMs: performance.now() + budgetMs,
        },
      );
      scope.set({ complete: found.complete, items: found.items.length });
      const sources = Object.fromEntries(found.sources.map(({ name, status }) => [name, status]));
      telemetry.log.info({ durationMs: Math.round(found.elapsedMs), sources }, 'search');
      return c.json(found);
    });
  });
  app.post('/2015-03-31/functions/:name/invocations', async (c) => {
    const name = c.req.param('name');
    return await telemetry.serve(`invoke ${name}`, c.req.raw.headers, { function: name }, async (scope) => {
      const answer = await invoke(functions, name, await c.req.json(), c.req.raw.signal);
      const failed = answer.headers['x-amz-function-error'] !== undefined;
      if (answer.fault !== undefined) scope.fail(answer.fault);
      telemetry.log.info({ function: name, failed, ...(failed ? { error: answer.body } : {}) }, 'step');
      return new Response(JSON.stringify(answer.body), {
        status: answer.status,
        headers: {
          'content-type': 'application/json',
          'x-amz-executed-version': '$LATEST',
          ...answer.headers,
        },
      });
    });
  });
  return serveApp(app, args.port);
}
