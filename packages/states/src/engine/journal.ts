/** The statements on the data file: what the engine writes and how it reads it back. Knows SQL, nothing of States Language. */
import type { DatabaseSync } from 'node:sqlite';
import type { HistoryEvent } from '../interpreter/history.ts';
import type { ExecutionInput } from '../interpreter/protocol.ts';
import { integer, text } from './database.ts';
import {
  type Closing,
  type ExecutionRow,
  executionRow,
  type FeedRow,
  feedRow,
  type MachineRow,
  machineRow,
  type NewExecution,
  optional,
  parseInput,
  type StepRow,
  stepRow,
} from './rows.ts';

export interface Journal {
  /** Runs `work` in one transaction; returns only after the commit has reached the disk. */
  transaction<T>(work: () => T): T;
  saveMachine(machine: Omit<MachineRow, 'definitionId'>): void;
  deleteMachine(arn: string): void;
  machine(arn: string): MachineRow | undefined;
  machines(afterName: string, limit: number): readonly MachineRow[];
  addExecution(execution: NewExecution): number;
  closeExecution(id: number, end: Closing): void;
  execution(arn: string): ExecutionRow | undefined;
  /** Newest first, older than `before`. */
  executions(
    machineArn: string,
    status: string | undefined,
    before: number,
    limit: number,
  ): readonly ExecutionRow[];
  running(): readonly ExecutionRow[];
  append(
    execution: number,
    sequence: number,
    input: ExecutionInput,
    events: readonly HistoryEvent[],
    nextEvent: number,
  ): void;
  inputs(execution: number): readonly ExecutionInput[];
  /** Steps that hold events with `first <= id <= last`. */
  steps(execution: number, first: number, last: number): readonly StepRow[];
  /** Steps that hold or follow feed sequence `from`, at most `limit` of them. */
  feed(from: number, limit: number): readonly FeedRow[];
  /** Deletes at most `limit` executions that stopped before `before`, with their histories. Returns how many. */
  purge(before: number, limit: number): number;
  /** The first feed sequence not yet given out. */
  nextSequence(): number;
  close(): void;
}

const EXECUTION_COLUMNS =
  'SELECT e.*, d.text AS definition_text FROM executions e JOIN definitions d ON d.id = e.definition';
const MACHINE_COLUMNS =
  'SELECT m.*, d.text AS definition_text FROM machines m JOIN definitions d ON d.id = m.definition';

export function journalOf(database: DatabaseSync): Journal {
  const prepare = (sql: string): ReturnType<DatabaseSync['prepare']> => database.prepare(sql);
  const begin = prepare('BEGIN');
  const commit = prepare('COMMIT');
  const rollback = prepare('ROLLBACK');
  const addDefinition = prepare('INSERT INTO definitions (text) VALUES (?) ON CONFLICT DO NOTHING');
  const findDefinition = prepare('SELECT id FROM definitions WHERE text = ?');
  const saveMachine = prepare(`
    INSERT INTO machines (arn, name, role_arn, definition, revision, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (arn) DO UPDATE SET role_arn = excluded.role_arn, definition = excluded.definition,
      revision = excluded.revision, updated_at = excluded.updated_at`);
  const deleteMachine = prepare('DELETE FROM machines WHERE arn = ?');
  const machine = prepare(`${MACHINE_COLUMNS} WHERE m.arn = ?`);
  const machines = prepare(`${MACHINE_COLUMNS} WHERE m.arn > ? ORDER BY m.arn LIMIT ?`);
  const addExecution = prepare(`
    INSERT INTO executions (arn, name, machine_arn, machine_name, machine_updated_at, revision, role_arn, definition,
      status, input, started_at, correlation_id, traceparent, trace_header)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'RUNNING', ?, ?, ?, ?, ?)`);
  const closeExecution = prepare(
    'UPDATE executions SET status = ?, stopped_at = ?, output = ?, error = ?, cause = ? WHERE id = ?',
  );
  const execution = prepare(`${EXECUTION_COLUMNS} WHERE e.arn = ?`);
  const executions = prepare(
    `${EXECUTION_COLUMNS} WHERE e.machine_arn = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?`,
  );
  const executionsByStatus = prepare(
    `${EXECUTION_COLUMNS} WHERE e.status = ? AND e.machine_arn = ? AND e.id < ? ORDER BY e.id DESC LIMIT ?`,
  );
  const running = prepare(`${EXECUTION_COLUMNS} WHERE e.status = 'RUNNING' ORDER BY e.id`);
  const append = prepare(
    'INSERT INTO journal (sequence, execution, first_event, event_count, input, events) VALUES (?, ?, ?, ?, ?, ?)',
  );
  const inputs = prepare('SELECT input FROM journal WHERE execution = ? ORDER BY sequence');
  const steps = prepare(`
    SELECT sequence, events FROM journal WHERE execution = ?1 AND first_event <= ?3 AND first_event >=
      coalesce((SELECT max(first_event) FROM journal WHERE execution = ?1 AND first_event <= ?2), 0)
    ORDER BY sequence`);
  const feed = prepare(`
    SELECT j.sequence, j.events, e.arn, e.name, e.machine_name, e.correlation_id, e.traceparent
    FROM journal j JOIN executions e ON e.id = j.execution
    WHERE j.sequence >= coalesce((SELECT max(sequence) FROM journal WHERE sequence <= ?1), ?1)
    ORDER BY j.sequence LIMIT ?2`);
  const closed = prepare('SELECT id FROM executions WHERE stopped_at < ? ORDER BY stopped_at LIMIT ?');
  // The last row stays: the feed must never give out a sequence twice.
  const forgetSteps = prepare(
    'DELETE FROM journal WHERE execution = ? AND sequence < (SELECT max(sequence) FROM journal)',
  );
  const forgetExecution = prepare('DELETE FROM executions WHERE id = ?');
  const last = prepare('SELECT sequence, event_count FROM journal ORDER BY sequence DESC LIMIT 1');

  return {
    transaction: (work) => {
      begin.run();
      try {
        const result = work();
        commit.run();
        return result;
      } catch (error) {
        if (database.isTransaction) rollback.run();
        throw error;
      }
    },
    saveMachine: (row) => {
      addDefinition.run(row.definition);
      const definition = findDefinition.get(row.definition)?.['id'] ?? null;
      saveMachine.run(
        row.arn,
        row.name,
        row.roleArn,
        definition,
        row.revision ?? null,
        row.createdAt,
        row.updatedAt,
      );
    },
    deleteMachine: (arn) => {
      deleteMachine.run(arn);
    },
    machine: (arn) => optional(machine.get(arn), machineRow),
    machines: (afterArn, limit) => machines.all(afterArn, limit).map(machineRow),
    addExecution: (row) => {
      const { machine: of } = row;
      const { lastInsertRowid } = addExecution.run(
        row.arn,
        row.name,
        of.arn,
        of.name,
        of.updatedAt,
        of.revision ?? null,
        of.roleArn,
        of.definitionId,
        row.input,
        row.startedAt,
        row.correlationId,
        row.traceparent ?? null,
        row.traceHeader ?? null,
      );
      return Number(lastInsertRowid);
    },
    closeExecution: (id, end) => {
      closeExecution.run(
        end.status,
        end.stoppedAt,
        end.output ?? null,
        end.error ?? null,
        end.cause ?? null,
        id,
      );
    },
    execution: (arn) => optional(execution.get(arn), executionRow),
    executions: (arn, status, before, limit) =>
      (status === undefined
        ? executions.all(arn, before, limit)
        : executionsByStatus.all(status, arn, before, limit)
      ).map(executionRow),
    running: () => running.all().map(executionRow),
    append: (id, sequence, input, events, nextEvent) => {
      append.run(
        sequence,
        id,
        events[0]?.id ?? nextEvent,
        events.length,
        JSON.stringify(input),
        JSON.stringify(events),
      );
    },
    inputs: (id) => inputs.all(id).map((row) => parseInput(text(row, 'input'))),
    steps: (id, first, lastId) => steps.all(id, first, lastId).map(stepRow),
    feed: (from, limit) => feed.all(from, limit).map(feedRow),
    purge: (before, limit) => {
      const ids = closed.all(before, limit).map((row) => integer(row, 'id'));
      for (const id of ids) {
        forgetSteps.run(id);
        forgetExecution.run(id);
      }
      return ids.length;
    },
    nextSequence: () =>
      optional(last.get(), (row) => integer(row, 'sequence') + Math.max(1, integer(row, 'event_count'))) ?? 1,
    close: () => database.close(),
  };
}
