/** Compiles the states that hold machines of their own: Parallel and Map. */
import { isObject, type Json } from '../json/json.ts';
import { type CompileNested, guarded, optional } from './compile-common.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { Program, State } from './program.ts';

export function compileParallel(name: string, fields: Fields, nested: CompileNested): State {
  return { type: 'Parallel', name, ...guarded(fields), branches: compileBranches(fields, nested) };
}

function compileBranches(fields: Fields, nested: CompileNested): readonly Program[] {
  fields.required('Branches');
  const branches = fields.list('Branches');
  if (branches?.length === 0) fields.problems.invalid(fields.at('Branches'), 'Value cannot be empty');
  return (branches ?? []).flatMap((source, i) =>
    machine(source, `${fields.at('Branches')}[${i}]`, fields, nested),
  );
}

function machine(source: Json, path: string, fields: Fields, nested: CompileNested): Program[] {
  if (!isObject(source)) {
    fields.problems.invalid(path, 'Expected value of type Object');
    return [];
  }
  const program = nested(fieldsOf(source, path, fields.problems));
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

export function compileMap(name: string, fields: Fields, nested: CompileNested): State | undefined {
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
  const processor = compileProcessor(fields, nested);
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

function compileProcessor(fields: Fields, nested: CompileNested): Program | undefined {
  const field = fields.has('ItemProcessor') ? 'ItemProcessor' : 'Iterator';
  const source = fields.object(field);
  if (source === undefined) {
    fields.required('ItemProcessor');
    return undefined;
  }
  const inner = fieldsOf(source, fields.at(field), fields.problems);
  const config = inner.object('ProcessorConfig');
  if (config !== undefined) checkConfig(fieldsOf(config, inner.at('ProcessorConfig'), fields.problems));
  return nested(inner);
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
