/** The engine: state machines and executions on one data file, with the operations of the Step Functions API. */
import { compileDefinition } from '../definition/compile.ts';
import { printProblem } from '../definition/problem.ts';
import type { Program } from '../definition/program.ts';
import type { ExecutionStatus } from '../interpreter/execution.ts';
import type { HistoryEvent } from '../interpreter/history.ts';
import { exceedsPayloadLimit } from '../interpreter/io.ts';
import { equalJson, parseJson } from '../json/json.ts';
import { jsonSyntaxProblem } from '../json/syntax-problem.ts';
import { arnsOf, checkArn, checkName } from './arns.ts';
import { openDatabase } from './database.ts';
import { EngineUnavailableError, RequestRefusedError } from './errors.ts';
import { executor } from './executor.ts';
import { feedOf } from './feed.ts';
import { type ExecutionRow, journalOf, type MachineRow, present } from './journal.ts';
import { type EngineOptions, type EventRecord, enginePolicy } from './options.ts';
import { pageSize, pageToken, readToken } from './pages.ts';

export interface StateMachineRequest {
  readonly name: string;
  /** JSON text in Amazon States Language. */
  readonly definition: string;
  readonly roleArn: string;
}

export interface StateMachineDescription {
  readonly stateMachineArn: string;
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly creationDateMs: number;
  readonly updateDateMs: number;
  /** Absent until the first update. */
  readonly revisionId?: string;
}

export interface StartExecutionRequest {
  readonly stateMachineArn: string;
  /** Unique within the state machine. Default a new UUID. */
  readonly name?: string;
  /** JSON text of at most 256 KiB. Default `{}`. */
  readonly input?: string;
  /** Kept with the execution, sent with every call and shown in every event. Default a new UUID. */
  readonly correlationId?: string;
  /** W3C trace context of the caller; kept and sent like `correlationId`. */
  readonly traceparent?: string;
  /** X-Ray trace header; kept and sent on as `x-amzn-trace-id`. */
  readonly traceHeader?: string;
}

export interface ExecutionSummary {
  readonly executionArn: string;
  readonly stateMachineArn: string;
  readonly name: string;
  readonly status: ExecutionStatus;
  readonly startDateMs: number;
  readonly stopDateMs?: number;
}

export interface ExecutionDescription extends ExecutionSummary {
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly traceHeader?: string;
}

export interface PageRequest {
  /** 1 to 1,000. Default 100. */
  readonly maxResults?: number;
  readonly nextToken?: string;
}

/** How busy the engine is. */
export interface EngineHealth {
  readonly runningExecutions: number;
  readonly activeTasks: number;
  readonly waitingTasks: number;
}

/**
 * All operations reject with {@link RequestRefusedError} `HF_STATES_REFUSED` (its `awsName` says why) or
 * {@link EngineUnavailableError} `HF_STATES_UNAVAILABLE`. Writes resolve after they have reached the disk.
 */
export interface Engine extends AsyncDisposable {
  createStateMachine(
    request: StateMachineRequest,
  ): Promise<{ stateMachineArn: string; creationDateMs: number }>;
  updateStateMachine(request: {
    readonly stateMachineArn: string;
    readonly definition?: string;
    readonly roleArn?: string;
  }): Promise<{ updateDateMs: number; revisionId: string }>;
  deleteStateMachine(request: { readonly stateMachineArn: string }): Promise<void>;
  describeStateMachine(request: { readonly stateMachineArn: string }): Promise<StateMachineDescription>;
  listStateMachines(
    request?: PageRequest,
  ): Promise<{ stateMachines: readonly StateMachineDescription[]; nextToken?: string }>;
  describeStateMachineForExecution(request: {
    readonly executionArn: string;
  }): Promise<StateMachineDescription>;
  /**
   * Starts an execution. Once it resolves the execution survives the death of the process. Idempotent: the same
   * name and input answer with the execution that is already running.
   */
  startExecution(request: StartExecutionRequest): Promise<{ executionArn: string; startDateMs: number }>;
  describeExecution(request: { readonly executionArn: string }): Promise<ExecutionDescription>;
  getExecutionHistory(
    request: PageRequest & { readonly executionArn: string; readonly reverseOrder?: boolean },
  ): Promise<{ events: readonly HistoryEvent[]; nextToken?: string }>;
  /** Newest first. */
  listExecutions(
    request: PageRequest & { readonly stateMachineArn: string; readonly statusFilter?: string },
  ): Promise<{ executions: readonly ExecutionSummary[]; nextToken?: string }>;
  /** Aborts a running execution and the calls it has in flight; does nothing to one that has ended. */
  stopExecution(request: {
    readonly executionArn: string;
    readonly error?: string;
    readonly cause?: string;
  }): Promise<{ stopDateMs: number }>;
  /** Every history event after feed sequence `after` (0: all), then live, until `signal` aborts. */
  feed(after: number, signal?: AbortSignal): AsyncGenerator<EventRecord, void>;
  health(): EngineHealth;
}

const STATUS_FILTERS = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

/**
 * Opens the data file, resumes every execution that was running when it was last used, and takes requests.
 * @throws InvalidOptionsError, DataInUseError, DataUnreadableError.
 */
export function openEngine(options: EngineOptions): Engine {
  const policy = enginePolicy(options);
  const { runtime } = policy;
  const arns = arnsOf(policy.region, policy.account);
  const journal = journalOf(openDatabase(policy.path));
  const feed = feedOf(journal);
  const programs = programCache();
  const runs = executor(journal, policy, programs.get, feed.committed);
  let closed = false;

  const open = (): void => {
    if (closed) throw new EngineUnavailableError('the engine is closed');
  };
  const machineAt = (arn: string): MachineRow => {
    checkArn(arn, 'stateMachine');
    const row = journal.machine(arn);
    if (row === undefined)
      throw new RequestRefusedError('StateMachineDoesNotExist', `State Machine Does Not Exist: '${arn}'`);
    return row;
  };
  const executionAt = (arn: string): ExecutionRow => {
    checkArn(arn, 'execution');
    const row = journal.execution(arn);
    if (row === undefined)
      throw new RequestRefusedError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return row;
  };

  return {
    createStateMachine: ({ name, definition, roleArn }) =>
      runs.request(() => {
        checkName(name);
        checkDefinition(definition);
        const arn = arns.stateMachine(name);
        const existing = journal.machine(arn);
        if (existing !== undefined) {
          if (existing.definition === definition)
            return { stateMachineArn: arn, creationDateMs: existing.createdAt };
          throw new RequestRefusedError(
            'StateMachineAlreadyExists',
            `State Machine Already Exists: '${arn}'`,
          );
        }
        const now = runtime.now();
        journal.saveMachine({ arn, name, definition, roleArn, createdAt: now, updatedAt: now });
        return { stateMachineArn: arn, creationDateMs: now };
      }),
    updateStateMachine: ({ stateMachineArn, definition, roleArn }) =>
      runs.request(() => {
        const row = machineAt(stateMachineArn);
        if (definition === undefined && roleArn === undefined) {
          const needed =
            'Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified';
          throw new RequestRefusedError('MissingRequiredParameter', needed);
        }
        if (definition !== undefined) checkDefinition(definition);
        const [updateDateMs, revisionId] = [runtime.now(), runtime.uuid()];
        const changed = { definition: definition ?? row.definition, roleArn: roleArn ?? row.roleArn };
        journal.saveMachine({ ...row, ...changed, revision: revisionId, updatedAt: updateDateMs });
        return { updateDateMs, revisionId };
      }),
    deleteStateMachine: ({ stateMachineArn }) =>
      runs.request(() => {
        checkArn(stateMachineArn, 'stateMachine');
        journal.deleteMachine(stateMachineArn);
      }),
    describeStateMachine: async ({ stateMachineArn }) => {
      open();
      return describeMachine(machineAt(stateMachineArn));
    },
    listStateMachines: async ({ maxResults, nextToken } = {}) => {
      open();
      const size = pageSize(maxResults);
      const rows = journal.machines(readToken(nextToken, 'machines', 1_024) ?? '', size + 1);
      const token = rows.length > size ? { nextToken: pageToken('machines', rows[size - 1]?.arn ?? '') } : {};
      return { stateMachines: rows.slice(0, size).map(describeMachine), ...token };
    },
    describeStateMachineForExecution: async ({ executionArn }) => {
      open();
      return describeMachineOf(executionAt(executionArn));
    },
    startExecution: (request) =>
      runs.request(() => {
        const machine = machineAt(request.stateMachineArn);
        const { input = '{}', name = runtime.uuid() } = request;
        checkName(name);
        checkInput(input);
        const arn = arns.execution(machine.name, name);
        const existing = journal.execution(arn);
        if (existing !== undefined) return sameExecution(existing, input);
        if (runs.running >= policy.maxRunningExecutions) throw tooMany(policy.maxRunningExecutions);
        const startedAt = runtime.now();
        const correlationId = request.correlationId ?? runtime.uuid();
        const { traceparent, traceHeader } = request;
        const row = { arn, name, machine, input, startedAt, correlationId, traceparent, traceHeader };
        const id = journal.addExecution(row);
        const { arn: machineArn, name: machineName, roleArn } = machine;
        const trace = present({ traceparent, traceHeader });
        runs.begin(
          { id, arn, name, machineArn, machineName, roleArn, input, correlationId, ...trace },
          programs.get(machine.definition),
        );
        return { executionArn: arn, startDateMs: startedAt };
      }),
    describeExecution: async ({ executionArn }) => {
      open();
      return describeExecution(executionAt(executionArn));
    },
    getExecutionHistory: async ({ executionArn, reverseOrder = false, maxResults, nextToken }) => {
      open();
      const row = executionAt(executionArn);
      const size = pageSize(maxResults);
      const position = readToken(nextToken, `${executionArn} ${reverseOrder}`, 3_096);
      const end = position === undefined ? Number.MAX_SAFE_INTEGER : Number(position);
      const [first, last] = reverseOrder
        ? [0, end]
        : [position === undefined ? 1 : end, Number.MAX_SAFE_INTEGER];
      return page(
        historyBetween(row.id, first, last, reverseOrder, size + 1),
        size,
        `${executionArn} ${reverseOrder}`,
      );
    },
    listExecutions: async ({ stateMachineArn, statusFilter, maxResults, nextToken }) => {
      open();
      const size = pageSize(maxResults);
      checkStatusFilter(statusFilter);
      machineAt(stateMachineArn);
      const of = `${stateMachineArn} ${statusFilter ?? ''}`;
      const before = Number(readToken(nextToken, of, 3_096) ?? Number.MAX_SAFE_INTEGER);
      const rows = journal.executions(stateMachineArn, statusFilter, before, size + 1);
      const token = rows.length > size ? { nextToken: pageToken(of, String(rows[size - 1]?.id ?? 0)) } : {};
      return { executions: rows.slice(0, size).map(summarise), ...token };
    },
    stopExecution: ({ executionArn, error, cause }) =>
      runs.request(() => {
        const row = executionAt(executionArn);
        const stoppedAt = runs.stop(executionArn, present({ error, cause })) ?? row.stoppedAt;
        return { stopDateMs: stoppedAt ?? runtime.now() };
      }),
    feed: (after, signal) => feed.read(after, signal),
    health: () => ({
      runningExecutions: runs.running,
      activeTasks: runs.activeTasks,
      waitingTasks: runs.waitingTasks,
    }),
    [Symbol.asyncDispose]: async () => {
      if (closed) return;
      closed = true;
      runs.close();
      feed.close();
      journal.close();
    },
  };

  /** The first `limit` events from `first` to `last`, or the last ones in reverse. Reads a growing window of steps. */
  function historyBetween(
    id: number,
    first: number,
    last: number,
    reverse: boolean,
    limit: number,
  ): readonly HistoryEvent[] {
    const from = reverse
      ? Math.max(1, (last === Number.MAX_SAFE_INTEGER ? lastEvent(id) : last) - limit + 1)
      : first;
    const to = reverse ? last : first + limit - 1;
    const events = journal
      .steps(id, from, to)
      .flatMap((step) => step.events)
      .filter((event) => event.id >= from && event.id <= to);
    return reverse ? events.reverse() : events;
  }

  function lastEvent(id: number): number {
    return journal.steps(id, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER).at(-1)?.events.at(-1)?.id ?? 0;
  }

  function page(
    events: readonly HistoryEvent[],
    size: number,
    of: string,
  ): { events: readonly HistoryEvent[]; nextToken?: string } {
    const next = events[size];
    return {
      events: events.slice(0, size),
      ...(next === undefined ? {} : { nextToken: pageToken(of, String(next.id)) }),
    };
  }
}

/** Compiled definitions by text, the most recently used 500: an execution must not parse its definition again. */
function programCache(): { get(definition: string): Program } {
  const cache = new Map<string, Program>();
  const limit = 500;
  return {
    get: (definition) => {
      const program = cache.get(definition) ?? compileOrRefuse(definition);
      cache.delete(definition);
      cache.set(definition, program);
      const oldest = cache.size > limit ? cache.keys().next().value : undefined;
      if (oldest !== undefined) cache.delete(oldest);
      return program;
    },
  };
}

function compileOrRefuse(definition: string): Program {
  const compiled = compileDefinition(definition);
  if (compiled.ok) return compiled.program;
  const list = compiled.problems.map(printProblem).join(', ');
  throw new RequestRefusedError('InvalidDefinition', `Invalid State Machine Definition: '${list}'`);
}

function checkDefinition(definition: string): void {
  compileOrRefuse(definition);
}

function checkInput(input: string): void {
  const refuse = (problem: string): never => {
    throw new RequestRefusedError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${problem}'`,
    );
  };
  if (input.trim() === '') refuse('Invalid execution input.');
  const problem = jsonSyntaxProblem(input);
  if (problem !== undefined) refuse(problem);
  if (exceedsPayloadLimit(input)) refuse('The input is larger than 262144 bytes.');
}

function sameExecution(existing: ExecutionRow, input: string): { executionArn: string; startDateMs: number } {
  if (existing.status === 'RUNNING' && equalJson(parseJson(existing.input), parseJson(input))) {
    return { executionArn: existing.arn, startDateMs: existing.startedAt };
  }
  throw new RequestRefusedError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.arn}'`);
}

function tooMany(limit: number): RequestRefusedError {
  return new RequestRefusedError(
    'ExecutionLimitExceeded',
    `${limit} executions are running, which is the most allowed; start it again later`,
  );
}

function checkStatusFilter(filter: string | undefined): void {
  if (filter === undefined || STATUS_FILTERS.includes(filter)) return;
  const what = `Value '${filter}' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [${STATUS_FILTERS.join(', ')}]`;
  throw new RequestRefusedError('ValidationException', `1 validation error detected: ${what}`);
}

function describeMachine(row: MachineRow): StateMachineDescription {
  return {
    stateMachineArn: row.arn,
    name: row.name,
    definition: row.definition,
    roleArn: row.roleArn,
    creationDateMs: row.createdAt,
    updateDateMs: row.updatedAt,
    ...present({ revisionId: row.revision }),
  };
}

function describeMachineOf(row: ExecutionRow): StateMachineDescription {
  return {
    stateMachineArn: row.machineArn,
    name: row.machineName,
    definition: row.definition,
    roleArn: row.roleArn,
    creationDateMs: row.machineUpdatedAt,
    updateDateMs: row.machineUpdatedAt,
    ...present({ revisionId: row.revision }),
  };
}

function summarise(row: ExecutionRow): ExecutionSummary {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machineArn,
    name: row.name,
    status: row.status,
    startDateMs: row.startedAt,
    ...present({ stopDateMs: row.stoppedAt }),
  };
}

function describeExecution(row: ExecutionRow): ExecutionDescription {
  const { input, correlationId, output, error, cause, traceparent, traceHeader } = row;
  return {
    ...summarise(row),
    input,
    correlationId,
    ...present({ output, error, cause, traceparent, traceHeader }),
  };
}
