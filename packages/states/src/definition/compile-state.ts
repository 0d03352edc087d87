/** Compiles one state of each type: which fields it has, which exclude each other, what they default to. */
import { isObject, type Json } from '../json/json.ts';
import { parseTimestamp } from '../json/timestamp.ts';
import { compileProgram, refuseJsonata } from './compile.ts';
import { compileChoices } from './compile-choices.ts';
import { compileResource } from './compile-resource.ts';
import { compileCatch, compileRetry } from './compile-retry.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { FailState, Guarded, Program, State, StateType, Transition, WaitUntil } from './program.ts';
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

export function compileState(name: string, fields: Fields, names: Set<string>): State | undefined {
  fields.required('Type');
  refuseJsonata(fields);
  fields.unsupported('Assign', 'Variables (Assign) are not supported by this engine yet');
  for (const field of ['Output', 'Arguments', 'Items']) {
    fields.unsupported(field, `'${field}' belongs to JSONata, which is not supported by this engine yet`);
  }
  const type = fields.oneOf('Type', TYPES);
  if (type === undefined) return undefined;
  const state = compileTyped(type, name, fields, names);
  fields.rest();
  return state;
}

function compileTyped(type: StateType, name: string, fields: Fields, names: Set<string>): State | undefined {
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
      return { type, name, ...guarded(fields), branches: compileBranches(fields, names) };
    case 'Map':
      return compileMap(name, fields, names);
  }
}

/** `{ [key]: value }`, or nothing when `value` is undefined (exactOptionalPropertyTypes). */
function optional<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  const present: { [P in K]?: V } = {};
  if (value !== undefined) present[key] = value;
  return present;
}

function filtered(fields: Fields): Pick<Guarded, 'inputPath' | 'outputPath'> {
  return {
    ...optional('inputPath', fields.pathOrNull('InputPath')),
    ...optional('outputPath', fields.pathOrNull('OutputPath')),
  };
}

function resulting(fields: Fields): Pick<Guarded, 'inputPath' | 'outputPath' | 'resultPath' | 'next'> {
  return {
    ...filtered(fields),
    ...optional('resultPath', fields.referencePath('ResultPath')),
    next: transition(fields),
  };
}

function guarded(fields: Fields): Guarded {
  return {
    ...resulting(fields),
    ...optional('parameters', fields.template('Parameters')),
    ...optional('resultSelector', fields.template('ResultSelector')),
    retry: compileRetry(fields),
    catch: compileCatch(fields),
  };
}

function transition(fields: Fields): Transition {
  const next = fields.string('Next');
  const end = fields.boolean('End');
  if (next !== undefined && end === true)
    fields.problems.invalid(fields.path, "You cannot specify 'Next' and 'End' together");
  if (next === undefined && end !== true)
    fields.problems.invalid(fields.path, "One of 'Next' or 'End' is required");
  return next === undefined ? { kind: 'end' } : { kind: 'next', state: next };
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

function compileBranches(fields: Fields, names: Set<string>): readonly Program[] {
  fields.required('Branches');
  const branches = fields.list('Branches');
  if (branches?.length === 0) fields.problems.invalid(fields.at('Branches'), 'Value cannot be empty');
  return (branches ?? []).flatMap((source, i) =>
    nested(source, `${fields.at('Branches')}[${i}]`, fields, names),
  );
}

function nested(source: Json, path: string, fields: Fields, names: Set<string>): Program[] {
  if (!isObject(source)) {
    fields.problems.invalid(path, 'Expected value of type Object');
    return [];
  }
  const program = compileProgram(fieldsOf(source, path, fields.problems), names);
  return program === undefined ? [] : [program];
}

const DISTRIBUTED_FIELDS = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'ToleratedFailureCount',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentage',
  'ToleratedFailurePercentagePath',
];

function compileMap(name: string, fields: Fields, names: Set<string>): State | undefined {
  for (const field of DISTRIBUTED_FIELDS) {
    fields.unsupported(
      field,
      `'${field}' belongs to a distributed Map, which is not supported by this engine`,
    );
  }
  fields.exclusive('ItemProcessor', 'Iterator');
  fields.exclusive('ItemSelector', 'Parameters');
  const itemsPath = fields.jsonPath('ItemsPath');
  const itemSelector = fields.template('ItemSelector');
  const maxConcurrency = fields.amount('MaxConcurrency', 0) ?? { kind: 'constant', value: 0 };
  const processor = compileProcessor(fields, names);
  const { parameters, ...rest } = guarded(fields);
  if (processor === undefined) return undefined;
  return {
    type: 'Map',
    name,
    ...rest,
    processor,
    maxConcurrency,
    ...optional('itemsPath', itemsPath),
    ...optional('itemSelector', itemSelector ?? parameters),
  };
}

function compileProcessor(fields: Fields, names: Set<string>): Program | undefined {
  const field = fields.has('ItemProcessor') ? 'ItemProcessor' : 'Iterator';
  const source = fields.object(field);
  if (source === undefined) {
    fields.required('ItemProcessor');
    return undefined;
  }
  const inner = fieldsOf(source, fields.at(field), fields.problems);
  const config = inner.object('ProcessorConfig');
  if (config !== undefined) checkConfig(fieldsOf(config, inner.at('ProcessorConfig'), fields.problems));
  return compileProgram(inner, names);
}

function checkConfig(config: Fields): void {
  const mode = config.oneOf('Mode', ['INLINE', 'DISTRIBUTED']);
  config.oneOf('ExecutionType', ['STANDARD', 'EXPRESS']);
  if (mode === 'DISTRIBUTED') {
    config.problems.unsupported(
      config.at('Mode'),
      'A distributed Map (ProcessorConfig.Mode DISTRIBUTED) is not supported by this engine',
    );
  }
  config.rest();
}
