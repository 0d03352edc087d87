/** What an operator reads about executions: one line for each start, end and failed call, never a payload. */
import type { HistoryEvent } from '../interpreter/history.ts';
import type { EventRecord, LogRecord } from './options.ts';
import { present } from './present.ts';
import type { TaskRecord } from './tasks.ts';

/** The line for a history event, or undefined for the many that need none. */
export function eventLine(record: EventRecord): LogRecord | undefined {
  const line = lineOf(record.event);
  if (line === undefined) return undefined;
  const { executionArn, correlationId, traceparent } = record;
  return { ...line, executionArn, correlationId, ...present({ traceparent }) };
}

function lineOf({ type, details = {} }: HistoryEvent): Pick<LogRecord, 'level' | 'message'> | undefined {
  switch (type) {
    case 'ExecutionStarted':
      return { level: 'debug', message: 'execution started' };
    case 'ExecutionSucceeded':
      return { level: 'info', message: 'execution succeeded' };
    case 'ExecutionFailed':
      return { level: 'info', message: `execution failed: ${String(details['error'] ?? 'no error named')}` };
    case 'ExecutionTimedOut':
      return {
        level: 'warn',
        message: 'execution timed out: the TimeoutSeconds of its state machine are over',
      };
    case 'ExecutionAborted':
      return { level: 'info', message: 'execution aborted by StopExecution' };
    default:
      return undefined;
  }
}

/** The line for a call that failed, was aborted, or is repeated after a restart. */
export function taskLine(record: TaskRecord): LogRecord | undefined {
  const message = messageOf(record);
  if (message === undefined) return undefined;
  const { executionArn, stateName, attempt, correlationId, traceparent } = record.call;
  return {
    level: 'info',
    message,
    executionArn,
    stateName,
    attempt,
    correlationId,
    ...present({ traceparent }),
  };
}

function messageOf(record: TaskRecord): string | undefined {
  if (record.phase === 'scheduled' && record.call.resumed)
    return 'call repeated after a restart, under the same token';
  if (record.phase !== 'ended') return undefined;
  if (record.outcome === 'aborted') return 'call aborted: its state timed out or its execution ended';
  return record.outcome.ok
    ? undefined
    : `call failed: ${record.outcome.error}; Retry and Catch of the state decide`;
}
