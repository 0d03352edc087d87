/**
 * Spans of executions and their tasks, recorded from what the engine says of itself. Their ids follow
 * from the engine's own names, so that a task that is repeated after a crash is one span, and a step's
 * span can be the parent of what the worker does before either has ended.
 */
import type { EventRecord, TaskCall, TaskInvoker, TaskOutcome, TaskRecord } from '@holdfast/states';
import { recordedTraceparent, type Telemetry } from '@holdfast/telemetry';
import { plainCause } from '../saga/cause.ts';

/** Starts remembered of executions and tasks that have not ended; the oldest goes first. */
const MAX_OPEN = 20_000;

export interface EngineSpans {
  /** Hands the step's own span to the worker as its parent. */
  traced(invoke: TaskInvoker): TaskInvoker;
  onTask(record: TaskRecord): void;
  onEvent(record: EventRecord): void;
}

export function engineSpans(telemetry: Telemetry): EngineSpans {
  const started = new Map<string, number>();
  const begin = (key: string, atMs: number): void => {
    started.set(key, atMs);
    const [oldest] = started.keys();
    if (started.size > MAX_OPEN && oldest !== undefined) started.delete(oldest);
  };
  const take = (key: string, orElse: number): number => {
    const atMs = started.get(key) ?? orElse;
    started.delete(key);
    return atMs;
  };
  return {
    traced: (invoke) => (call, signal) =>
      invoke({ ...call, traceparent: recordedTraceparent(call.token, sagaSpan(call)) }, signal),
    onTask: (record) => {
      const { call, phase, at } = record;
      if (phase === 'started') begin(call.token, at);
      if (phase !== 'ended') return;
      const failure =
        record.outcome === 'aborted'
          ? { code: 'Aborted', message: 'the state timed out or the execution ended' }
          : failed(record.outcome);
      telemetry.record({
        ...{
          name: call.stateName,
          kind: 'client',
          startMs: take(call.token, at),
          endMs: at,
          key: call.token,
        },
        ...{ parent: sagaSpan(call), correlationId: call.correlationId },
        attributes: {
          peer: 'worker',
          executionName: call.executionName,
          attempt: call.attempt,
          resumed: call.resumed,
        },
        error: failure,
      });
    },
    onEvent: ({ executionArn, executionName, correlationId, traceparent, event }) => {
      if (event.type === 'ExecutionStarted') begin(executionArn, event.timestamp);
      if (!/^Execution(Succeeded|Failed|TimedOut|Aborted)$/.test(event.type)) return;
      const text = (key: string): string => String(event.details?.[key] ?? '');
      // An order that was refused and undone went as planned; the engine failed it only when it did not end well.
      const asPlanned =
        event.type === 'ExecutionSucceeded' ||
        (event.type === 'ExecutionFailed' && text('error') !== 'OrderStuck');
      const error = asPlanned ? undefined : { code: text('error') || event.type, message: text('cause') };
      telemetry.record({
        ...{
          name: `saga ${executionName}`,
          kind: 'server',
          startMs: take(executionArn, event.timestamp),
          endMs: event.timestamp,
        },
        ...{
          key: executionArn,
          parent: traceparent,
          correlationId,
          attributes: { executionName, outcome: event.type },
          error,
        },
      });
    },
  };
}

/** The execution's span, known before it is recorded. */
function sagaSpan({ executionArn, traceparent }: TaskCall): string {
  return recordedTraceparent(executionArn, traceparent);
}

/** A step that a service refused went as planned; only faults are painted red. */
const FAULT = /^(States\.|Lambda\.|Unavailable$|WorkerFault$)/;

function failed(outcome: TaskOutcome): { code: string; message: string } | undefined {
  if (outcome.ok || !FAULT.test(outcome.error)) return undefined;
  return { code: outcome.error, message: plainCause(outcome.cause) };
}
