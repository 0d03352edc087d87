/** The engine: state machines and executions on one data file, with the operations of the Step Functions API. */
import type { HistoryEvent } from '../interpreter/history.ts';
import type { Engine } from './api.ts';
import { arnsOf, checkArn, checkName } from './arns.ts';
import {
  checkDefinition,
  checkHeaders,
  checkInput,
  checkStatusFilter,
  programCache,
  sameExecution,
  tooMany,
} from './checks.ts';
import { openDatabase } from './database.ts';
import { EngineUnavailableError, RequestRefusedError } from './errors.ts';
import { executor } from './executor.ts';
import { feedOf } from './feed.ts';
import { type Journal, journalOf } from './journal.ts';
import { type EngineOptions, enginePolicy } from './options.ts';
import { pageSize, pageToken, readToken } from './pages.ts';
import { present } from './present.ts';
import { retention } from './retention.ts';
import type { ExecutionRow, MachineRow } from './rows.ts';
import { describeExecution, describeMachine, describeMachineOf, summarise } from './shapes.ts';

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
  const runs = opened(journal, () => executor(journal, policy, programs.get, feed.committed));
  const stopForgetting = retention({
    runtime,
    retainMs: policy.retainClosedMs,
    purge: (before, limit) => runs.request(() => journal.purge(before, limit)),
    failed: (error) =>
      policy.onLog({
        level: 'warn',
        message: 'old executions could not be deleted; tried again in an hour',
        error,
      }),
  });
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
        const { traceparent, traceHeader } = request;
        checkHeaders({ correlationId: request.correlationId, traceparent, traceHeader });
        const arn = arns.execution(machine.name, name);
        const existing = journal.execution(arn);
        if (existing !== undefined) return sameExecution(existing, input);
        if (runs.running >= policy.maxRunningExecutions) throw tooMany(policy.maxRunningExecutions);
        const startedAt = runtime.now();
        const correlationId = request.correlationId ?? runtime.uuid();
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
      stopForgetting();
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

/** Gives the data file back when the executor cannot start on it. */
function opened<T>(journal: Journal, start: () => T): T {
  try {
    return start();
  } catch (error) {
    journal.close();
    throw error;
  }
}
