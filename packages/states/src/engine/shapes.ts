/** Rows of the data file as the answers of the API. */
import type { ExecutionDescription, ExecutionSummary, StateMachineDescription } from './api.ts';
import { present } from './present.ts';
import type { ExecutionRow, MachineRow } from './rows.ts';

export function describeMachine(row: MachineRow): StateMachineDescription {
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

export function describeMachineOf(row: ExecutionRow): StateMachineDescription {
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

export function summarise(row: ExecutionRow): ExecutionSummary {
  return {
    executionArn: row.arn,
    stateMachineArn: row.machineArn,
    name: row.name,
    status: row.status,
    startDateMs: row.startedAt,
    ...present({ stopDateMs: row.stoppedAt }),
  };
}

export function describeExecution(row: ExecutionRow): ExecutionDescription {
  const { input, correlationId, output, error, cause, traceparent, traceHeader } = row;
  return {
    ...summarise(row),
    input,
    correlationId,
    ...present({ output, error, cause, traceparent, traceHeader }),
  };
}
