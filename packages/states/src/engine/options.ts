/** The options of {@link openEngine}: defaults, bounds and the hooks others observe the engine through. */
import { InvalidOptionsError, type Runtime, systemRuntime } from '@holdfast/core';
import type { HistoryEvent } from '../interpreter/history.ts';
import type { TaskInvoker, TaskRecord } from './tasks.ts';

/** One history event of any execution, as the feed and `onEvent` give it. */
export interface EventRecord {
  /** Position in the feed: grows with every commit, with gaps, never twice the same. */
  readonly sequence: number;
  readonly executionArn: string;
  readonly executionName: string;
  readonly stateMachineName: string;
  readonly correlationId: string;
  readonly traceparent?: string;
  readonly event: HistoryEvent;
}

/** Something an operator should read. Never holds payloads. */
export interface LogRecord {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly executionArn?: string;
  readonly stateName?: string;
  readonly attempt?: number;
  readonly correlationId?: string;
  readonly traceparent?: string;
  readonly error?: unknown;
}

export interface EngineOptions {
  /** The SQLite file; made when absent. One engine at a time may have it open. */
  readonly path: string;
  /** Makes the calls of Task states, for example {@link lambdaInvoker}. */
  readonly invoke: TaskInvoker;
  /** Time and chance. Default the system's. */
  readonly runtime?: Runtime;
  /** Region in ARNs. Default `us-east-1`. */
  readonly region?: string;
  /** Account in ARNs: twelve digits. Default `000000000000`. */
  readonly account?: string;
  /** Calls of tasks in flight at once, 1 to 10,000; more wait in line. Default 256. */
  readonly maxConcurrentTasks?: number;
  /** Executions that may be running, 1 to 1,000,000; more are refused (ExecutionLimitExceeded). Default 100,000. */
  readonly maxRunningExecutions?: number;
  /** How long closed executions and their histories are kept, 60,000 to 31,622,400,000 ms. Default 90 days, as at AWS. */
  readonly retainClosedMs?: number;
  /** Told of every history event after its commit, in feed order. Must not throw; if it does, that is logged. */
  readonly onEvent?: (record: EventRecord) => void;
  /** Told of every task call: scheduled, started, ended. Must not throw; if it does, that is logged. */
  readonly onTask?: (record: TaskRecord) => void;
  /** Told of what an operator should read. What it throws is ignored: there is nobody left to tell. */
  readonly onLog?: (record: LogRecord) => void;
}

export type EnginePolicy = Required<EngineOptions>;

export const ENGINE_DEFAULTS = {
  region: 'us-east-1',
  account: '000000000000',
  maxConcurrentTasks: 256,
  maxRunningExecutions: 100_000,
  retainClosedMs: 7_776_000_000,
} as const;

/** @throws InvalidOptionsError `HF_INVALID_OPTIONS` naming the field, its bound and the value. */
export function enginePolicy(options: EngineOptions): EnginePolicy {
  const policy = {
    ...ENGINE_DEFAULTS,
    runtime: systemRuntime,
    onEvent: () => {},
    onTask: () => {},
    onLog: () => {},
    ...options,
  };
  const check = (field: keyof EngineOptions, bound: string, ok: boolean): void => {
    if (!ok) throw new InvalidOptionsError('states engine', field, bound, policy[field]);
  };
  const inRange = (value: number, max: number): boolean =>
    Number.isInteger(value) && value >= 1 && value <= max;
  check('path', 'the path of a file', policy.path !== '');
  check('region', 'lower-case letters, digits and dashes', /^[a-z0-9-]+$/.test(policy.region));
  check('account', 'twelve digits', /^\d{12}$/.test(policy.account));
  check('maxConcurrentTasks', 'an integer from 1 to 10,000', inRange(policy.maxConcurrentTasks, 10_000));
  check(
    'maxRunningExecutions',
    'an integer from 1 to 1,000,000',
    inRange(policy.maxRunningExecutions, 1_000_000),
  );
  const { retainClosedMs } = policy;
  const kept = retainClosedMs >= 60_000 && retainClosedMs <= 31_622_400_000;
  check('retainClosedMs', 'from 60,000 to 31,622,400,000 ms', kept);
  return Object.freeze({ ...policy, onLog: unbreakable(policy.onLog) });
}

/** A logger that throws has nowhere to be reported; it must not take the engine with it. */
function unbreakable(onLog: (record: LogRecord) => void): (record: LogRecord) => void {
  return (record) => {
    try {
      onLog(record);
    } catch {
      // Said above.
    }
  };
}
