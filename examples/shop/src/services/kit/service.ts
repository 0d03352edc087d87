/** What a service is made of: its store, its routes, and the few things they are given. */
import type { DatabaseSync } from 'node:sqlite';
import type { Tier } from '@holdfast/dashboard/contract';
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Chaos } from './chaos.ts';
import type { Work } from './latency.ts';
import type { Refusal } from './problems.ts';

export interface ServiceEnvironment {
  Bindings: HttpBindings;
  Variables: {
    correlationId: string;
    /** Set when this service itself broke the connection before its answer was out. */
    answerLost?: true;
  };
}
export type ServiceApp = Hono<ServiceEnvironment>;
export type ServiceRequest = Context<ServiceEnvironment>;

export interface ServiceDefinition {
  readonly name: string;
  readonly tier: Tier;
  /** CREATE statements of the store. */
  readonly schema: string;
  /** Fills a new store; the same seed gives the same contents. */
  fill(database: DatabaseSync, seed: number): void;
  routes(app: ServiceApp, context: ServiceContext): void;
}

export interface ServiceContext {
  readonly database: DatabaseSync;
  readonly chaos: Chaos;
  /** Epoch ms. */
  now(): number;
  /** How long this piece of work shall seem to take, in ms. */
  latencyMs(work: Work): number;
  /** Waits; returns early when `signal` aborts. */
  pause(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs a command once per Idempotency-Key and answers it. See mutation.ts. */
  mutate: Mutate;
}

/** What an effect knows of the request that it is for. */
export interface Delivered {
  /** The Idempotency-Key, for the ledger. */
  readonly key: string;
  readonly nowMs: number;
}

/** What a command answers: a result, or a refusal that is remembered like a result. */
export type Answer = { readonly status: 200 | 201; readonly body: object } | { readonly refusal: Refusal };

export type Mutate = <I>(
  request: ServiceRequest,
  work: Work,
  input: I,
  effect: (input: I, delivered: Delivered) => Answer,
) => Promise<Response>;
