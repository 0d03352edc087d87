/** Compiles the rules of a Choice state; the comparators are spelt `<Type><Order>[Path]`, so they are parsed, not listed. */
import { isObject, type Json } from '../json/json.ts';
import { parseTimestamp } from '../json/timestamp.ts';
import type { JsonPath } from '../jsonpath/path.ts';
import {
  type Comparand,
  type Operand,
  type Order,
  type Rule,
  type TypeTest,
  wildcardPattern,
} from './choice-rule.ts';
import { type Fields, fieldsOf } from './fields.ts';

interface Choice {
  readonly rule: Rule;
  readonly next: string;
}

export function compileChoices(fields: Fields): readonly Choice[] {
  fields.required('Choices');
  const sources = fields.list('Choices') ?? [];
  if (fields.has('Choices') && sources.length === 0)
    fields.problems.invalid(fields.at('Choices'), 'Value cannot be empty');
  return sources.flatMap((source, i) => {
    const entry = objectAt(source, `${fields.at('Choices')}[${i}]`, fields);
    if (entry === undefined) return [];
    entry.required('Next');
    entry.unsupported('Assign', 'Variables (Assign) are not supported by this engine yet');
    entry.unsupported('Output', "'Output' belongs to JSONata, which is not supported by this engine yet");
    entry.unsupported(
      'Condition',
      "'Condition' belongs to JSONata, which is not supported by this engine yet",
    );
    const next = entry.string('Next');
    const rule = compileRule(entry);
    return rule === undefined || next === undefined ? [] : [{ rule, next }];
  });
}

function objectAt(source: Json, path: string, fields: Fields): Fields | undefined {
  if (isObject(source)) return fieldsOf(source, path, fields.problems);
  fields.problems.invalid(path, 'Expected value of type Object');
  return undefined;
}

function compileRule(entry: Fields): Rule | undefined {
  const composite = ['And', 'Or', 'Not'].filter((field) => entry.has(field));
  if (composite.length > 1) entry.problems.invalid(entry.path, 'Only one of [And, Or, Not] may be given');
  const rule = composite[0] === undefined ? compileComparison(entry) : compileComposite(composite[0], entry);
  entry.rest();
  return rule;
}

function compileComposite(field: string, entry: Fields): Rule | undefined {
  if (field === 'Not') {
    const inner = objectAt(entry.raw('Not') ?? null, entry.at('Not'), entry);
    const rule = inner === undefined ? undefined : compileRule(inner);
    return rule === undefined ? undefined : { kind: 'not', rule };
  }
  const sources = entry.list(field) ?? [];
  if (sources.length === 0) entry.problems.invalid(entry.at(field), 'Value cannot be empty');
  const rules = sources.flatMap((source, i) => {
    const inner = objectAt(source, `${entry.at(field)}[${i}]`, entry);
    const rule = inner === undefined ? undefined : compileRule(inner);
    return rule === undefined ? [] : [rule];
  });
  return { kind: field === 'And' ? 'and' : 'or', rules };
}

const OPERANDS: readonly Operand[] = ['String', 'Numeric', 'Boolean', 'Timestamp'];
const ORDERS: readonly Order[] = ['Equals', 'LessThan', 'GreaterThan', 'LessThanEquals', 'GreaterThanEquals'];
const TYPE_TESTS: readonly TypeTest[] = ['IsNull', 'IsNumeric', 'IsString', 'IsBoolean', 'IsTimestamp'];

/** Every comparator field of States Language, with what it means. */
const COMPARATORS: ReadonlyMap<
  string,
  (entry: Fields, field: string, variable: JsonPath) => Rule | undefined
> = new Map([
  [
    'IsPresent',
    (entry, field, variable) =>
      withBoolean(entry, field, (expected) => ({ kind: 'present', variable, expected })),
  ],
  [
    'StringMatches',
    (entry, field, variable) => {
      const pattern = entry.string(field);
      return pattern === undefined
        ? undefined
        : { kind: 'match', variable, pattern: wildcardPattern(pattern) };
    },
  ],
  ...TYPE_TESTS.map(
    (test): [string, (entry: Fields, field: string, variable: JsonPath) => Rule | undefined] => [
      test,
      (entry, field, variable) =>
        withBoolean(entry, field, (expected) => ({ kind: 'type', variable, test, expected })),
    ],
  ),
  ...OPERANDS.flatMap((of) =>
    ORDERS.filter((by) => of !== 'Boolean' || by === 'Equals').flatMap((by) => comparators(of, by)),
  ),
]);

function comparators(
  of: Operand,
  by: Order,
): [string, (entry: Fields, field: string, variable: JsonPath) => Rule | undefined][] {
  const rule = (variable: JsonPath, value: Comparand | undefined): Rule | undefined =>
    value === undefined ? undefined : { kind: 'compare', variable, of, by, value };
  return [
    [`${of}${by}`, (entry, field, variable) => rule(variable, constant(entry, field, of))],
    [
      `${of}${by}Path`,
      (entry, field, variable) => {
        const path = entry.jsonPath(field);
        return rule(variable, path === undefined ? undefined : { kind: 'path', path });
      },
    ],
  ];
}

function withBoolean(entry: Fields, field: string, rule: (expected: boolean) => Rule): Rule | undefined {
  const expected = entry.boolean(field);
  return expected === undefined ? undefined : rule(expected);
}

function constant(entry: Fields, field: string, of: Operand): Comparand | undefined {
  switch (of) {
    case 'Numeric':
      return wrap(entry.number(field, -Number.MAX_VALUE, Number.MAX_VALUE));
    case 'Boolean':
      return wrap(entry.boolean(field));
    case 'String':
      return wrap(entry.string(field));
    case 'Timestamp': {
      const text = entry.string(field);
      if (text !== undefined && parseTimestamp(text) === undefined) {
        entry.problems.invalid(entry.at(field), 'String does not match RFC3339 timestamp');
      }
      return wrap(text);
    }
  }
}

function wrap(value: Json | undefined): Comparand | undefined {
  return value === undefined ? undefined : { kind: 'constant', value };
}

function compileComparison(entry: Fields): Rule | undefined {
  entry.required('Variable');
  const variable = entry.jsonPath('Variable');
  const given = [...COMPARATORS.keys()].filter((field) => entry.has(field));
  const field = given[0];
  if (field === undefined || given.length > 1) {
    entry.problems.invalid(entry.path, 'Exactly one comparison operator is required');
    return undefined;
  }
  return variable === undefined ? undefined : COMPARATORS.get(field)?.(entry, field, variable);
}
