/** Compiles one state of each type: which fields it has, which exclude each other, what they default to. */
import { isObject } from '../json/json.ts';
import { parseTimestamp } from '../json/timestamp.ts';
import { compileChoices } from './compile-choices.ts';
import {
  type CompileNested,
  filtered,
  guarded,
  optional,
  refusesJsonata,
  resulting,
  transition,
} from './compile-common.ts';
import { compileMap, compileParallel } from './compile-nested.ts';
import { compileResource } from './compile-resource.ts';
import type { Fields } from './fields.ts';
import type { FailState, State, StateType, WaitUntil } from './program.ts';
import { parseExpression } from './template.ts';

const TYPES = [
  'Pass',
  'Task',
  'Choice',
  'Wait',
  'Succeed',
  'Fail',
  'Parallel',
  'Map',
] as const satisfies StateType[];

export function compileState(name: string, fields: Fields, nested: CompileNested): State | undefined {
  fields.required('Type');
  if (refusesJsonata(fields)) return undefined;
  fields.unsupported('Assign', 'Variables (Assign) are not supported by this engine yet');
  for (const field of ['Output', 'Arguments', 'Items']) {
    fields.unsupported(field, `'${field}' belongs to JSONata, which is not supported by this engine yet`);
  }
  const type = fields.oneOf('Type', TYPES);
  if (type === undefined) return undefined;
  const state = compileTyped(type, name, fields, nested);
  fields.rest();
  return state;
}

function compileTyped(
  type: StateType,
  name: string,
  fields: Fields,
  nested: CompileNested,
): State | undefined {
  switch (type) {
    case 'Pass':
      return {
        type,
        name,
        ...resulting(fields),
        ...optional('result', fields.raw('Result')),
        ...optional('parameters', fields.template('Parameters')),
      };
    case 'Task':
      return compileTask(name, fields);
    case 'Choice':
      return compileChoice(name, fields);
    case 'Wait':
      return { type, name, ...filtered(fields), next: transition(fields), until: compileWait(fields) };
    case 'Succeed':
      return { type, name, ...filtered(fields) };
    case 'Fail':
      return compileFail(name, fields);
    case 'Parallel':
      return compileParallel(name, fields, nested);
    case 'Map':
      return compileMap(name, fields, nested);
  }
}

function compileTask(name: string, fields: Fields): State | undefined {
  fields.required('Resource');
  fields.unsupported(
    'Credentials',
    'Credentials (calling under another role) are not supported by this engine',
  );
  const resource = compileResource(fields);
  const timeout = fields.amount('TimeoutSeconds', 1);
  const heartbeat = fields.amount('HeartbeatSeconds', 1);
  if (timeout?.kind === 'constant' && heartbeat?.kind === 'constant' && heartbeat.value >= timeout.value) {
    fields.problems.invalid(
      fields.at('HeartbeatSeconds'),
      'HeartbeatSeconds must be smaller than TimeoutSeconds',
    );
  }
  const rest = guarded(fields);
  if (resource?.kind === 'lambda-invoke') checkInvokeParameters(fields);
  if (resource === undefined) return undefined;
  return {
    type: 'Task',
    name,
    ...rest,
    resource,
    ...optional('timeout', timeout),
    ...optional('heartbeat', heartbeat),
  };
}

const INVOKE_PARAMETERS = [
  'FunctionName',
  'Payload',
  'InvocationType',
  'Qualifier',
  'ClientContext',
  'LogType',
];

function checkInvokeParameters(fields: Fields): void {
  const parameters = fields.raw('Parameters');
  const given = isObject(parameters) ? Object.keys(parameters).map((key) => key.replace(/\.\$$/, '')) : [];
  if (isObject(parameters) && !given.includes('FunctionName')) {
    fields.problems.invalid(fields.at('Parameters'), "The field 'FunctionName' is required but was missing");
  }
  for (const key of given) {
    if (!INVOKE_PARAMETERS.includes(key))
      fields.problems.invalid(
        fields.at('Parameters'),
        `The field '${key}' is not supported by Step Functions`,
      );
  }
}

function compileChoice(name: string, fields: Fields): State {
  const choices = compileChoices(fields);
  return {
    type: 'Choice',
    name,
    ...filtered(fields),
    choices,
    ...optional('default', fields.string('Default')),
  };
}

const WAITS = ['Seconds', 'SecondsPath', 'Timestamp', 'TimestampPath'] as const;

function compileWait(fields: Fields): WaitUntil {
  const given = WAITS.filter((field) => fields.has(field));
  if (given.length !== 1)
    fields.problems.invalid(fields.path, `Exactly one of [${WAITS.join(', ')}] is required`);
  const seconds = fields.integer('Seconds', 0);
  const secondsPath = fields.jsonPath('SecondsPath');
  const timestamp = fields.string('Timestamp');
  const timestampPath = fields.jsonPath('TimestampPath');
  if (secondsPath !== undefined) return { kind: 'seconds-path', path: secondsPath };
  if (timestampPath !== undefined) return { kind: 'timestamp-path', path: timestampPath };
  if (timestamp === undefined) return { kind: 'seconds', seconds: seconds ?? 0 };
  const point = parseTimestamp(timestamp);
  if (point === undefined)
    fields.problems.invalid(fields.at('Timestamp'), 'String does not match RFC3339 timestamp');
  return { kind: 'timestamp', epochMs: point?.epochMs ?? 0 };
}

function compileFail(name: string, fields: Fields): FailState {
  return {
    type: 'Fail',
    name,
    ...optional('error', textOrExpression(fields, 'Error')),
    ...optional('cause', textOrExpression(fields, 'Cause')),
  };
}

function textOrExpression(fields: Fields, field: 'Error' | 'Cause'): FailState['error'] {
  fields.exclusive(field, `${field}Path`);
  const text = fields.string(field);
  const expression = fields.string(`${field}Path`);
  if (expression === undefined) return text;
  try {
    return parseExpression(expression);
  } catch {
    fields.problems.invalid(
      fields.at(`${field}Path`),
      'Value must be a valid JSONPath or a valid intrinsic function call',
    );
    return text;
  }
}
