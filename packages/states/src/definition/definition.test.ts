import { describe, expect, test } from 'vitest';
import type { Json } from '../json/json.ts';
import { compileDefinition, MAX_DEFINITION_BYTES, validateDefinition } from './compile.ts';
import { printProblem } from './problem.ts';

const FUNCTION = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const END = { End: true };

/** The machine whose one state is `state`, with `others` reachable through it. */
function machine(state: Json, others: { readonly [name: string]: Json } = {}): string {
  return JSON.stringify({ StartAt: 'S', States: { S: state, ...others } });
}

function problems(definition: string): readonly string[] {
  return validateDefinition(definition).map(printProblem);
}

describe('what AWS refuses', () => {
  test.each<[why: string, definition: string, problem: string]>([
    [
      'no JSON',
      '{',
      'INVALID_JSON_DESCRIPTION: Unexpected end-of-input: was expecting closing quote or bracket at /',
    ],
    ['no object', '[]', 'INVALID_JSON_DESCRIPTION: The definition must be a JSON object at /'],
    ['no states', '{"StartAt":"S"}', 'SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /'],
    [
      'no start',
      '{"States":{"S":{"Type":"Succeed"}}}',
      'SCHEMA_VALIDATION_FAILED: These fields are required: [StartAt] at /',
    ],
    [
      'empty states',
      '{"StartAt":"S","States":{}}',
      'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States',
    ],
    [
      'a start that is not there',
      '{"StartAt":"X","States":{"S":{"Type":"Succeed"}}}',
      "MISSING_TRANSITION_TARGET: Missing 'StartAt' target: X at /StartAt",
    ],
    [
      'a target that is not there',
      machine({ Type: 'Pass', Next: 'X' }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Next",
    ],
    [
      'a state nothing leads to',
      machine({ Type: 'Succeed' }, { T: { Type: 'Succeed' } }),
      'MISSING_TRANSITION_TARGET: State "T" is not reachable. at /States/T',
    ],
    ['no type', machine(END), 'SCHEMA_VALIDATION_FAILED: These fields are required: [Type] at /States/S'],
    [
      'an unknown type',
      machine({ Type: 'Loop', ...END }),
      'SCHEMA_VALIDATION_FAILED: Value is not one of: [Pass, Task, Choice, Wait, Succeed, Fail, Parallel, Map] at /States/S/Type',
    ],
    [
      'a field of no state',
      machine({ Type: 'Pass', inputPath: '$', ...END }),
      'SCHEMA_VALIDATION_FAILED: Field is not supported at /States/S/inputPath',
    ],
    [
      'a field of another state',
      machine({ Type: 'Succeed', ResultPath: '$' }),
      'SCHEMA_VALIDATION_FAILED: Field is not supported at /States/S/ResultPath',
    ],
    [
      'neither Next nor End',
      machine({ Type: 'Pass' }),
      "SCHEMA_VALIDATION_FAILED: One of 'Next' or 'End' is required at /States/S",
    ],
    [
      'a bad path',
      machine({ Type: 'Pass', InputPath: 'x', ...END }),
      'SCHEMA_VALIDATION_FAILED: Value is not a valid JSONPath at /States/S/InputPath',
    ],
    [
      'a ResultPath that names many places',
      machine({ Type: 'Pass', ResultPath: '$.a[*]', ...END }),
      'SCHEMA_VALIDATION_FAILED: Value is not a Reference Path at /States/S/ResultPath',
    ],
    [
      'a bad template',
      machine({ Type: 'Pass', Parameters: { deep: [{ 'a.$': 'x' }] }, ...END }),
      "SCHEMA_VALIDATION_FAILED: The value for the field 'a.$' must be a valid JSONPath or a valid intrinsic function call at /States/S/Parameters",
    ],
    [
      'a field given twice',
      machine({ Type: 'Pass', Parameters: { a: 1, 'a.$': '$.a' }, ...END }),
      "SCHEMA_VALIDATION_FAILED: The field 'a' is given twice: as 'a' and as 'a.$' at /States/S/Parameters",
    ],
    [
      'no resource',
      machine({ Type: 'Task', ...END }),
      'SCHEMA_VALIDATION_FAILED: These fields are required: [Resource] at /States/S',
    ],
    [
      'two timeouts',
      machine({ Type: 'Task', Resource: FUNCTION, TimeoutSeconds: 1, TimeoutSecondsPath: '$.t', ...END }),
      "SCHEMA_VALIDATION_FAILED: You cannot specify 'TimeoutSeconds' and 'TimeoutSecondsPath' together at /States/S",
    ],
    [
      'no time',
      machine({ Type: 'Task', Resource: FUNCTION, TimeoutSeconds: 0, ...END }),
      'SCHEMA_VALIDATION_FAILED: Value must be between 1 and 99999999, not 0 at /States/S/TimeoutSeconds',
    ],
    [
      'a heartbeat slower than the timeout',
      machine({ Type: 'Task', Resource: FUNCTION, TimeoutSeconds: 5, HeartbeatSeconds: 5, ...END }),
      'SCHEMA_VALIDATION_FAILED: HeartbeatSeconds must be smaller than TimeoutSeconds at /States/S/HeartbeatSeconds',
    ],
    [
      'lambda:invoke of nothing',
      machine({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: {}, ...END }),
      "SCHEMA_VALIDATION_FAILED: The field 'FunctionName' is required but was missing at /States/S/Parameters",
    ],
    [
      'an unknown member of lambda:invoke',
      machine({
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke',
        Parameters: { FunctionName: 'f', Body: 1 },
        ...END,
      }),
      "SCHEMA_VALIDATION_FAILED: The field 'Body' is not supported by Step Functions at /States/S/Parameters",
    ],
    [
      'no errors to retry',
      machine({ Type: 'Task', Resource: FUNCTION, Retry: [{ ErrorEquals: [] }], ...END }),
      'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Retry[0]/ErrorEquals',
    ],
    [
      'States.ALL in company',
      machine({ Type: 'Task', Resource: FUNCTION, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }], ...END }),
      "SCHEMA_VALIDATION_FAILED: 'States.ALL' must appear alone and in the last entry at /States/S/Retry[0]/ErrorEquals",
    ],
    [
      'States.ALL before others',
      machine({
        Type: 'Task',
        Resource: FUNCTION,
        Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }],
        ...END,
      }),
      "SCHEMA_VALIDATION_FAILED: 'States.ALL' must appear alone and in the last entry at /States/S/Retry[0]/ErrorEquals",
    ],
    [
      'backoff that shrinks',
      machine({
        Type: 'Task',
        Resource: FUNCTION,
        Retry: [{ ErrorEquals: ['X'], BackoffRate: 0.5 }],
        ...END,
      }),
      `SCHEMA_VALIDATION_FAILED: Value must be between 1 and ${Number.MAX_VALUE}, not 0.5 at /States/S/Retry[0]/BackoffRate`,
    ],
    [
      'a catcher to nowhere',
      machine({ Type: 'Task', Resource: FUNCTION, Catch: [{ ErrorEquals: ['X'], Next: 'Y' }], ...END }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: Y at /States/S/Catch[0]/Next",
    ],
    [
      'no choices',
      machine({ Type: 'Choice', Choices: [] }),
      'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Choices',
    ],
    [
      'two comparisons',
      machine({ Type: 'Choice', Choices: [{ Variable: '$', IsNull: true, IsString: true, Next: 'S' }] }),
      'SCHEMA_VALIDATION_FAILED: Exactly one comparison operator is required at /States/S/Choices[0]',
    ],
    [
      'a comparison of the wrong type',
      machine({ Type: 'Choice', Choices: [{ Variable: '$', NumericEquals: '1', Next: 'S' }] }),
      'SCHEMA_VALIDATION_FAILED: Expected value of type Number at /States/S/Choices[0]/NumericEquals',
    ],
    [
      'a timestamp of no calendar',
      machine({ Type: 'Choice', Choices: [{ Variable: '$', TimestampEquals: 'soon', Next: 'S' }] }),
      'SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Choices[0]/TimestampEquals',
    ],
    [
      'an empty And',
      machine({ Type: 'Choice', Choices: [{ And: [], Next: 'S' }] }),
      'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Choices[0]/And',
    ],
    [
      'two waits',
      machine({ Type: 'Wait', Seconds: 1, SecondsPath: '$.s', ...END }),
      'SCHEMA_VALIDATION_FAILED: Exactly one of [Seconds, SecondsPath, Timestamp, TimestampPath] is required at /States/S',
    ],
    [
      'a wait until never',
      machine({ Type: 'Wait', Timestamp: '2016-13-05T21:29:29Z', ...END }),
      'SCHEMA_VALIDATION_FAILED: String does not match RFC3339 timestamp at /States/S/Timestamp',
    ],
    [
      'two causes',
      machine({ Type: 'Fail', Cause: 'a', CausePath: '$.a' }),
      "SCHEMA_VALIDATION_FAILED: You cannot specify 'Cause' and 'CausePath' together at /States/S",
    ],
    [
      'no branches',
      machine({ Type: 'Parallel', Branches: [], ...END }),
      'SCHEMA_VALIDATION_FAILED: Value cannot be empty at /States/S/Branches',
    ],
    [
      'a name in two branches',
      machine({
        Type: 'Parallel',
        Branches: [1, 2].map(() => ({ StartAt: 'B', States: { B: { Type: 'Succeed' } } })),
        ...END,
      }),
      'SCHEMA_VALIDATION_FAILED: Duplicate State name: B at /States/S/Branches[1]/States/B',
    ],
    [
      'a way out of a branch',
      machine({
        Type: 'Parallel',
        Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Next: 'S' } } }],
        ...END,
      }),
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: S at /States/S/Branches[0]/States/B/Next",
    ],
    [
      'no processor',
      machine({ Type: 'Map', ...END }),
      'SCHEMA_VALIDATION_FAILED: These fields are required: [ItemProcessor] at /States/S',
    ],
    [
      'a name of 81 characters',
      JSON.stringify({ StartAt: 'x'.repeat(81), States: { ['x'.repeat(81)]: { Type: 'Succeed' } } }),
      `SCHEMA_VALIDATION_FAILED: State name is longer than 80 characters at /States/${'x'.repeat(81)}`,
    ],
    [
      'more than a mebibyte',
      machine({ Type: 'Pass', Result: 'x'.repeat(MAX_DEFINITION_BYTES), ...END }),
      `INVALID_JSON_DESCRIPTION: Definition is larger than ${MAX_DEFINITION_BYTES} bytes at /`,
    ],
  ])('%s', (_why, definition, problem) => {
    expect(problems(definition)).toContain(problem);
  });
});

describe('what only AWS can run is refused by name', () => {
  const inner = { StartAt: 'I', States: { I: { Type: 'Pass', ...END } } };
  const cannot = 'HOLDFAST_UNSUPPORTED';
  test.each<[why: string, definition: string, path: string]>([
    [
      'JSONata for the machine',
      '{"QueryLanguage":"JSONata","StartAt":"S","States":{"S":{"Type":"Succeed"}}}',
      '/QueryLanguage',
    ],
    [
      'JSONata for a state',
      machine({ Type: 'Pass', QueryLanguage: 'JSONata', Output: 1, ...END }),
      '/States/S/QueryLanguage',
    ],
    ['variables', machine({ Type: 'Pass', Assign: { a: 1 }, ...END }), '/States/S/Assign'],
    [
      'variables in a catcher',
      machine({
        Type: 'Task',
        Resource: FUNCTION,
        Catch: [{ ErrorEquals: ['X'], Assign: {}, Next: 'S' }],
        ...END,
      }),
      '/States/S/Catch[0]/Assign',
    ],
    [
      'a condition',
      machine({ Type: 'Choice', Choices: [{ Condition: '{% true %}', Next: 'S' }] }),
      '/States/S/Choices[0]/Condition',
    ],
    [
      'a distributed Map',
      machine({
        Type: 'Map',
        ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, ...inner },
        ...END,
      }),
      '/States/S/ItemProcessor/ProcessorConfig/Mode',
    ],
    [
      'an item reader',
      machine({ Type: 'Map', ItemReader: {}, ItemProcessor: inner, ...END }),
      '/States/S/ItemReader',
    ],
    [
      'credentials',
      machine({ Type: 'Task', Resource: FUNCTION, Credentials: {}, ...END }),
      '/States/S/Credentials',
    ],
    [
      'a task token',
      machine({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', ...END }),
      '/States/S/Resource',
    ],
    [
      'a job',
      machine({ Type: 'Task', Resource: 'arn:aws:states:::batch:submitJob.sync:2', ...END }),
      '/States/S/Resource',
    ],
    [
      'an activity',
      machine({ Type: 'Task', Resource: 'arn:aws:states:us-east-1:000000000000:activity:a', ...END }),
      '/States/S/Resource',
    ],
    [
      'another service',
      machine({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', ...END }),
      '/States/S/Resource',
    ],
  ])('%s', (_why, definition, path) => {
    const found = validateDefinition(definition).filter((problem) => problem.code === cannot);
    expect(found.map((problem) => ({ kind: problem.kind, path: problem.path }))).toContainEqual({
      kind: 'unsupported',
      path,
    });
    expect(found[0]?.message).toMatch(/not supported/);
  });
});

test('a hundred problems are enough', () => {
  const states = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`S${i}`, { Type: 'Nothing' }]));
  expect(validateDefinition(JSON.stringify({ StartAt: 'S0', States: states }))).toHaveLength(100);
});

test('defaults of States Language are filled in', () => {
  const definition = machine({
    Type: 'Task',
    Resource: FUNCTION,
    Retry: [{ ErrorEquals: ['X'] }],
    Catch: [{ ErrorEquals: ['Y'], Next: 'S' }],
    ...END,
  });
  const compiled = compileDefinition(definition);
  expect(compiled.ok && compiled.program.states.get('S')).toEqual({
    type: 'Task',
    name: 'S',
    next: { kind: 'end' },
    resource: { kind: 'function', arn: FUNCTION },
    retry: [{ errors: ['X'], intervalSeconds: 1, maxAttempts: 3, backoffRate: 2, jitter: 'NONE' }],
    catch: [{ errors: ['Y'], next: 'S' }],
  });
});
