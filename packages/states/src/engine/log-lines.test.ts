import { expect, test } from 'vitest';
import type { HistoryEventType } from '../interpreter/history.ts';
import type { JsonObject } from '../json/json.ts';
import { eventLine, taskLine } from './log-lines.ts';
import type { TaskCall, TaskRecord } from './tasks.ts';

const who = { executionArn: 'arn', correlationId: 'c', traceparent: 't' };

test.each<[HistoryEventType, JsonObject, object | undefined]>([
  ['ExecutionStarted', { input: 'secret' }, { level: 'debug', message: 'execution started' }],
  ['ExecutionSucceeded', { output: 'secret' }, { level: 'info', message: 'execution succeeded' }],
  ['ExecutionFailed', { error: 'Odd', cause: 'secret' }, { level: 'info', message: 'execution failed: Odd' }],
  ['ExecutionFailed', {}, { level: 'info', message: 'execution failed: no error named' }],
  [
    'ExecutionTimedOut',
    {},
    { level: 'warn', message: 'execution timed out: the TimeoutSeconds of its state machine are over' },
  ],
  ['ExecutionAborted', { cause: 'secret' }, { level: 'info', message: 'execution aborted by StopExecution' }],
  ['PassStateEntered', { input: 'secret' }, undefined],
])('%s %j', (type, details, line) => {
  const event = { id: 1, previousEventId: 0, type, timestamp: 0, details };
  const record = { sequence: 1, executionName: 'e', stateMachineName: 'm', ...who, event };
  expect(eventLine(record)).toEqual(line && { ...line, ...who });
});

const call: TaskCall = {
  ...who,
  executionName: 'e',
  stateMachineName: 'm',
  stateName: 'S',
  attempt: 2,
  token: 'token',
  resumed: false,
  resource: { kind: 'function', arn: 'f' },
  parameters: 'secret',
};

test.each<[why: string, record: TaskRecord, message: string | undefined]>([
  ['scheduled', { phase: 'scheduled', call, at: 0 }, undefined],
  [
    'repeated',
    { phase: 'scheduled', call: { ...call, resumed: true }, at: 0 },
    'call repeated after a restart, under the same token',
  ],
  ['started', { phase: 'started', call, at: 0 }, undefined],
  ['succeeded', { phase: 'ended', call, at: 0, outcome: { ok: true, output: 'secret' } }, undefined],
  [
    'failed',
    { phase: 'ended', call, at: 0, outcome: { ok: false, error: 'Odd', cause: 'secret' } },
    'call failed: Odd; Retry and Catch of the state decide',
  ],
  [
    'aborted',
    { phase: 'ended', call, at: 0, outcome: 'aborted' },
    'call aborted: its state timed out or its execution ended',
  ],
])('a call that %s', (_why, record, message) => {
  expect(taskLine(record)).toEqual(message && { level: 'info', message, stateName: 'S', attempt: 2, ...who });
});
