/** The way of every command that changes something: key, simulated latency, one transaction, answer after commit. */
import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { idempotentEffects, type Outcome, type StoredAnswer } from './idempotency.ts';
import { PROBLEMS, ProblemError, problemDocument } from './problems.ts';
import type { Answer, Mutate, ServiceContext, ServiceRequest } from './service.ts';

const KEY = /^[\x21-\x7e]{1,200}$/;

/**
 * Half of the latency passes before the effect and half after it, so that a caller's timeout meets both
 * kinds of unknown outcome: an effect that comes after the caller has gone, and an answer that comes too late.
 */
export function mutations(
  database: DatabaseSync,
  context: Pick<ServiceContext, 'now' | 'latencyMs' | 'pause'>,
): Mutate {
  const effects = idempotentEffects(database);
  return async (request, work, input, effect) => {
    const key = idempotencyKey(request);
    const fingerprint = fingerprintOf(request, input);
    const halfMs = context.latencyMs(work) / 2;
    await context.pause(halfMs);
    const nowMs = context.now();
    const outcome = effects.once({ key, fingerprint, nowMs }, () =>
      stored(effect(input, { key, nowMs }), request.get('correlationId')),
    );
    await context.pause(halfMs);
    return respond(outcome);
  };
}

function idempotencyKey(request: ServiceRequest): string {
  const key = request.req.header('idempotency-key');
  if (key !== undefined && KEY.test(key)) return key;
  throw new ProblemError(
    'idempotency-key-missing',
    'this request changes something, so it needs an Idempotency-Key header of 1 to 200 visible ASCII characters; nothing was changed',
    [
      {
        pointer: '/headers/idempotency-key',
        detail: key === undefined ? 'is missing' : 'must be 1 to 200 visible ASCII characters',
      },
    ],
  );
}

/** SHA-256 over what was asked: method, path and the checked body, so that white space and the order of fields do not matter. */
function fingerprintOf(request: ServiceRequest, input: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([request.req.method, request.req.path, input]))
    .digest('base64url');
}

function stored(answer: Answer, correlationId: string): StoredAnswer {
  return 'refusal' in answer
    ? {
        status: PROBLEMS[answer.refusal.code].status,
        body: JSON.stringify(problemDocument(answer.refusal, correlationId)),
      }
    : { status: answer.status, body: JSON.stringify(answer.body) };
}

function respond({ answer, replayed }: Outcome): Response {
  return new Response(answer.body, {
    status: answer.status,
    headers: {
      'content-type': answer.status < 400 ? 'application/json' : 'application/problem+json',
      ...(replayed ? { 'idempotent-replayed': 'true' } : {}),
    },
  });
}
