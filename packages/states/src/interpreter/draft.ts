/**
 * The working copy of an execution during one step. The step mutates the draft and only the draft; threads are
 * copied when first touched, so the execution the step began with stays as it was.
 */
import { type Random, seededRandom } from '../intrinsics/random.ts';
import type { JsonObject } from '../json/json.ts';
import type { Execution, ExecutionStatus, Thread } from './execution.ts';
import { StateFailure } from './failure.ts';
import { type HistoryEvent, type HistoryEventType, MAX_HISTORY_EVENTS } from './history.ts';
import type { Command, ExecutionInput } from './protocol.ts';

export type MutableThread = { -readonly [K in keyof Thread]: Thread[K] };

export interface Draft {
  readonly base: Execution;
  readonly at: number;
  readonly random: Random;
  readonly threads: Map<number, Thread>;
  readonly events: HistoryEvent[];
  readonly commands: Command[];
  /** Threads that can go on, in turn. */
  readonly runnable: number[];
  status: ExecutionStatus;
  startedAt: number;
  lastEventId: number;
  lastId: number;
  end: { readonly output?: string; readonly error?: string; readonly cause?: string };
  readonly owned: Set<number>;
}

export function draftOf(base: Execution, input: ExecutionInput): Draft {
  return {
    base,
    at: input.at,
    random: lazyRandom(input.entropy),
    threads: new Map(base.threads),
    events: [],
    commands: [],
    runnable: [...base.runnable],
    status: base.status,
    startedAt: base.startedAt,
    lastEventId: base.lastEventId,
    lastId: base.lastId,
    end: {},
    owned: new Set(),
  };
}

/** Most steps draw nothing; seeding is put off until one does. */
function lazyRandom(seed: string): Random {
  let random: Random | undefined;
  const get = (): Random => {
    random ??= seededRandom(seed);
    return random;
  };
  return { next: () => get().next(), uuid: () => get().uuid() };
}

/** The execution after the step. */
export function settle(draft: Draft): Execution {
  const { base, status } = draft;
  const running = status === 'RUNNING';
  return {
    facts: base.facts,
    program: base.program,
    status,
    startedAt: draft.startedAt,
    ...(running ? {} : { stoppedAt: draft.at }),
    ...draft.end,
    lastEventId: draft.lastEventId,
    lastId: draft.lastId,
    threads: running ? draft.threads : new Map(),
    runnable: running ? draft.runnable : [],
  };
}

export function nextId(draft: Draft): number {
  draft.lastId += 1;
  return draft.lastId;
}

/** The draft's own copy of thread `id`, or undefined when it has ended. */
export function own(draft: Draft, id: number): MutableThread | undefined {
  const thread = draft.threads.get(id);
  if (thread === undefined || draft.owned.has(id)) return thread;
  const copy = { ...thread };
  draft.threads.set(id, copy);
  draft.owned.add(id);
  return copy;
}

export function addThread(draft: Draft, thread: Thread): void {
  draft.threads.set(thread.id, thread);
  draft.owned.add(thread.id);
  draft.runnable.push(thread.id);
}

/** Records an event that follows `previous` without becoming what the next one follows. */
export function recordAfter(
  draft: Draft,
  previous: number,
  type: HistoryEventType,
  details?: JsonObject,
): number {
  if (draft.lastEventId >= MAX_HISTORY_EVENTS - 1 && !type.startsWith('Execution')) throw historyFull();
  draft.lastEventId += 1;
  const event = { id: draft.lastEventId, previousEventId: previous, type, timestamp: draft.at };
  draft.events.push(details === undefined ? event : { ...event, details });
  return event.id;
}

/** Records the next event of `thread`. */
export function record(
  draft: Draft,
  thread: MutableThread,
  type: HistoryEventType,
  details?: JsonObject,
): number {
  thread.previousEventId = recordAfter(draft, thread.previousEventId, type, details);
  return thread.previousEventId;
}

function historyFull(): StateFailure {
  const cause = `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`;
  return new StateFailure({ error: 'States.Runtime', cause, terminal: true });
}
