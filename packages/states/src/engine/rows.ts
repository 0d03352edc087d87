/** The rows of the data file as the engine sees them, and how they are read out of SQLite's answers. */
import type { ExecutionStatus } from '../interpreter/execution.ts';
import type { HistoryEvent } from '../interpreter/history.ts';
import type { ExecutionInput } from '../interpreter/protocol.ts';
import { integer, type Row, text, textOrNone } from './database.ts';
import { present } from './present.ts';

export interface MachineRow {
  readonly arn: string;
  readonly name: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly definitionId: number;
  readonly revision?: string;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface ExecutionRow {
  readonly id: number;
  readonly arn: string;
  readonly name: string;
  readonly machineArn: string;
  readonly machineName: string;
  readonly machineUpdatedAt: number;
  readonly revision?: string;
  readonly roleArn: string;
  readonly definition: string;
  readonly status: ExecutionStatus;
  readonly input: string;
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly startedAt: number;
  readonly stoppedAt?: number;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly traceHeader?: string;
}

export interface NewExecution {
  readonly arn: string;
  readonly name: string;
  readonly machine: MachineRow;
  readonly input: string;
  readonly startedAt: number;
  readonly correlationId: string;
  readonly traceparent?: string | undefined;
  readonly traceHeader?: string | undefined;
}

/** How an execution ended. */
export interface Closing {
  readonly status: ExecutionStatus;
  readonly stoppedAt: number;
  readonly output?: string | undefined;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}

export interface StepRow {
  readonly sequence: number;
  readonly events: readonly HistoryEvent[];
}

export interface FeedRow extends StepRow {
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineName: string;
  readonly correlationId: string;
  readonly traceparent?: string;
}

export function optional<T>(row: Row | undefined, read: (row: Row) => T): T | undefined {
  return row === undefined ? undefined : read(row);
}

/** The journal is written by {@link Journal.append} only, so its JSON is what was put in. */
export function parseInput(json: string): ExecutionInput {
  return JSON.parse(json);
}

export function stepRow(row: Row): StepRow {
  return { sequence: integer(row, 'sequence'), events: JSON.parse(text(row, 'events')) };
}

export function feedRow(row: Row): FeedRow {
  return {
    ...stepRow(row),
    executionArn: text(row, 'arn'),
    executionName: text(row, 'name'),
    stateMachineName: text(row, 'machine_name'),
    correlationId: text(row, 'correlation_id'),
    ...present({ traceparent: textOrNone(row, 'traceparent') }),
  };
}

export function machineRow(row: Row): MachineRow {
  return {
    arn: text(row, 'arn'),
    name: text(row, 'name'),
    roleArn: text(row, 'role_arn'),
    definition: text(row, 'definition_text'),
    definitionId: integer(row, 'definition'),
    ...present({ revision: textOrNone(row, 'revision') }),
    createdAt: integer(row, 'created_at'),
    updatedAt: integer(row, 'updated_at'),
  };
}

const STATUSES: readonly ExecutionStatus[] = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'];

export function executionRow(row: Row): ExecutionRow {
  const stoppedAt = row['stopped_at'];
  return {
    id: integer(row, 'id'),
    arn: text(row, 'arn'),
    name: text(row, 'name'),
    machineArn: text(row, 'machine_arn'),
    machineName: text(row, 'machine_name'),
    machineUpdatedAt: integer(row, 'machine_updated_at'),
    roleArn: text(row, 'role_arn'),
    definition: text(row, 'definition_text'),
    status: STATUSES.find((status) => status === row['status']) ?? 'RUNNING',
    input: text(row, 'input'),
    startedAt: integer(row, 'started_at'),
    correlationId: text(row, 'correlation_id'),
    ...(stoppedAt === null ? {} : { stoppedAt: Number(stoppedAt) }),
    ...present({
      revision: textOrNone(row, 'revision'),
      output: textOrNone(row, 'output'),
      error: textOrNone(row, 'error'),
      cause: textOrNone(row, 'cause'),
      traceparent: textOrNone(row, 'traceparent'),
      traceHeader: textOrNone(row, 'trace_header'),
    }),
  };
}
