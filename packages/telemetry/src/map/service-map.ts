// Who calls whom, how often and how well, computed from finished spans: the map the page draws.
import type { SpanKindName } from '../span.ts';
import { type Percentiles, percentiles } from './percentile.ts';

/** The part of a finished span that the map needs. */
export interface CallSample {
  readonly service: string;
  readonly kind: SpanKindName;
  /** The service called; only client and producer spans have one. */
  readonly peer?: string;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Traffic over the map's window. `errors` is a part of `calls`. */
export interface Traffic extends Percentiles {
  readonly calls: number;
  readonly errors: number;
  readonly ratePerSecond: number;
}

/**
 * A service. `seenBy` says whose spans the numbers come from: `itself` (its server spans), `callers` (it records no
 * spans, like a partner's system: the client spans that name it), or `nobody` (it only calls others; all numbers 0).
 */
export interface ServiceNode extends Traffic {
  readonly service: string;
  readonly seenBy: 'itself' | 'callers' | 'nobody';
}

/** Calls from one service to another, as the caller saw them: network, queueing and refusals included. */
export interface ServiceEdge extends Traffic {
  readonly from: string;
  readonly to: string;
}

/** Both lists are sorted by name, so that equal traffic gives equal maps. Every edge's ends are among the nodes. */
export interface ServiceMap {
  /** The window the numbers cover. Shorter than asked when the sample bound was reached. */
  readonly windowMs: number;
  readonly nodes: readonly ServiceNode[];
  readonly edges: readonly ServiceEdge[];
}

interface Tally {
  readonly durationsMs: number[];
  errors: number;
}

/** Folds samples into a map. Pure; `windowMs` (> 0) only scales the rates. Internal spans do not count. */
export function serviceMapOf(samples: Iterable<CallSample>, windowMs: number): ServiceMap {
  const served = new Map<string, Tally>();
  const called = new Map<string, Map<string, Tally>>();
  for (const sample of samples) {
    if (sample.kind === 'server' || sample.kind === 'consumer') add(served, sample.service, sample);
    else if (sample.kind !== 'internal' && sample.peer !== undefined) {
      add(entry(called, sample.service, newTallies), sample.peer, sample);
    }
  }
  const edges = [...called].flatMap(([from, peers]) =>
    [...peers].map(([to, tally]) => ({ from, to, ...traffic(tally, windowMs) })),
  );
  return {
    windowMs,
    nodes: nodesOf(served, called, windowMs).sort((a, b) => compare(a.service, b.service)),
    edges: edges.sort((a, b) => compare(a.from, b.from) || compare(a.to, b.to)),
  };
}

function nodesOf(
  served: ReadonlyMap<string, Tally>,
  called: ReadonlyMap<string, ReadonlyMap<string, Tally>>,
  windowMs: number,
): ServiceNode[] {
  const outside = new Map<string, Tally>();
  for (const peers of called.values()) {
    for (const [peer, tally] of peers) {
      if (served.has(peer)) continue;
      const sum = entry(outside, peer, newTally);
      for (const durationMs of tally.durationsMs) sum.durationsMs.push(durationMs);
      sum.errors += tally.errors;
    }
  }
  const callersOnly = [...called.keys()].filter((service) => !served.has(service) && !outside.has(service));
  return [
    ...[...served].map(([service, tally]) => node(service, 'itself', tally, windowMs)),
    ...[...outside].map(([service, tally]) => node(service, 'callers', tally, windowMs)),
    ...callersOnly.map((service) => node(service, 'nobody', newTally(), windowMs)),
  ];
}

function node(service: string, seenBy: ServiceNode['seenBy'], tally: Tally, windowMs: number): ServiceNode {
  return { service, seenBy, ...traffic(tally, windowMs) };
}

function traffic(tally: Tally, windowMs: number): Traffic {
  const calls = tally.durationsMs.length;
  return {
    calls,
    errors: tally.errors,
    ratePerSecond: (calls * 1_000) / windowMs,
    ...percentiles(tally.durationsMs),
  };
}

function add(tallies: Map<string, Tally>, name: string, sample: CallSample): void {
  const tally = entry(tallies, name, newTally);
  tally.durationsMs.push(sample.durationMs);
  if (sample.failed) tally.errors += 1;
}

function entry<V>(map: Map<string, V>, key: string, fresh: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = fresh();
  map.set(key, made);
  return made;
}

function newTally(): Tally {
  return { durationsMs: [], errors: 0 };
}

function newTallies(): Map<string, Tally> {
  return new Map();
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
