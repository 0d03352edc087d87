/** What the engine offers: the operations of the Step Functions API as functions, with times in epoch milliseconds. */
import type { ExecutionStatus } from '../interpreter/execution.ts';
import type { HistoryEvent } from '../interpreter/history.ts';
import type { EventRecord } from './options.ts';

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
