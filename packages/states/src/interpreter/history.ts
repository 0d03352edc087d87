/** The history of an execution in Step Functions' own vocabulary. */
import type { JsonObject } from '../json/json.ts';

type Scoped<T extends string> = `${T}StateEntered` | `${T}StateExited`;

export type HistoryEventType =
  | 'ExecutionStarted'
  | 'ExecutionSucceeded'
  | 'ExecutionFailed'
  | 'ExecutionTimedOut'
  | 'ExecutionAborted'
  | Scoped<'Pass' | 'Task' | 'Choice' | 'Wait' | 'Succeed' | 'Parallel' | 'Map'>
  | 'FailStateEntered'
  | `${'Task' | 'Wait' | 'Parallel' | 'Map'}StateAborted`
  | `${'Parallel' | 'Map'}State${'Started' | 'Succeeded' | 'Failed'}`
  | `MapIteration${'Started' | 'Succeeded' | 'Failed' | 'Aborted'}`
  | `${'LambdaFunction' | 'Task'}${'Scheduled' | 'Started' | 'Succeeded' | 'Failed' | 'TimedOut'}`;

export interface HistoryEvent {
  /** 1, 2, 3 … within the execution. */
  readonly id: number;
  /** The event that led to this one; 0 for the first two, as at AWS. */
  readonly previousEventId: number;
  readonly type: HistoryEventType;
  /** Epoch milliseconds. */
  readonly timestamp: number;
  /** What AWS puts under `…EventDetails`; absent for the types that have none. */
  readonly details?: JsonObject;
}

/** A Standard execution at AWS has at most this many events; the last one is then ExecutionFailed. */
export const MAX_HISTORY_EVENTS = 25_000;

/** Inputs, outputs and results may be this large at most: 256 KiB of UTF-8. */
export const MAX_PAYLOAD_BYTES = 262_144;

/** The member of the API's HistoryEvent that carries the details of an event of this type. */
export function detailsMember(type: HistoryEventType): string {
  if (type.endsWith('StateEntered')) return 'stateEnteredEventDetails';
  if (type.endsWith('StateExited')) return 'stateExitedEventDetails';
  return `${type.charAt(0).toLowerCase()}${type.slice(1)}EventDetails`;
}
