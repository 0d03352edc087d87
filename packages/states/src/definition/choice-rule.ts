/** Choice rules: compiled from the definition, then a pure predicate over the input and the context object. */
import { HoldfastError } from '@holdfast/core';
import type { Json } from '../json/json.ts';
import { compareTimestamps, parseTimestamp } from '../json/timestamp.ts';
import { evaluatePath } from '../jsonpath/evaluate.ts';
import type { JsonPath } from '../jsonpath/path.ts';

export type Rule =
  | { readonly kind: 'and' | 'or'; readonly rules: readonly Rule[] }
  | { readonly kind: 'not'; readonly rule: Rule }
  | { readonly kind: 'present'; readonly variable: JsonPath; readonly expected: boolean }
  | {
      readonly kind: 'type';
      readonly variable: JsonPath;
      readonly test: TypeTest;
      readonly expected: boolean;
    }
  | { readonly kind: 'match'; readonly variable: JsonPath; readonly pattern: RegExp }
  | {
      readonly kind: 'compare';
      readonly variable: JsonPath;
      readonly of: Operand;
      readonly by: Order;
      readonly value: Comparand;
    };

export type TypeTest = 'IsNull' | 'IsNumeric' | 'IsString' | 'IsBoolean' | 'IsTimestamp';
export type Operand = 'String' | 'Numeric' | 'Boolean' | 'Timestamp';
export type Order = 'Equals' | 'LessThan' | 'GreaterThan' | 'LessThanEquals' | 'GreaterThanEquals';

/** What the variable is compared with: a constant, or another place (`…Path` comparators). */
export type Comparand =
  | { readonly kind: 'constant'; readonly value: Json }
  | { readonly kind: 'path'; readonly path: JsonPath };

/** What a path of a rule reads from. */
export interface Scope {
  readonly input: Json;
  context(): Json;
}

/** `HF_CHOICE_VARIABLE_MISSING`: raised when a rule other than IsPresent reads a path that leads nowhere. */
export class MissingVariableError extends HoldfastError {
  readonly code = 'HF_CHOICE_VARIABLE_MISSING';
  readonly retryable = false;
  readonly path: string;
  constructor(path: string) {
    super(`Invalid path '${path}': The choice state's condition path references an invalid value.`);
    this.path = path;
  }
}

/** @throws MissingVariableError, see there. */
export function holds(rule: Rule, scope: Scope): boolean {
  switch (rule.kind) {
    case 'and':
      return rule.rules.every((each) => holds(each, scope));
    case 'or':
      return rule.rules.some((each) => holds(each, scope));
    case 'not':
      return !holds(rule.rule, scope);
    case 'present':
      return isPresent(rule.variable, scope) === rule.expected;
    case 'type':
      return hasType(rule.test, read(rule.variable, scope)) === rule.expected;
    case 'match': {
      const value = read(rule.variable, scope);
      return typeof value === 'string' && rule.pattern.test(value);
    }
    case 'compare': {
      const value = rule.value.kind === 'constant' ? rule.value.value : read(rule.value.path, scope);
      const difference = compare(rule.of, read(rule.variable, scope), value);
      return difference !== undefined && inOrder(rule.by, difference);
    }
  }
}

function rootOf(path: JsonPath, scope: Scope): Json {
  return path.root === 'context' ? scope.context() : scope.input;
}

function read(path: JsonPath, scope: Scope): Json {
  const selection = evaluatePath(path, rootOf(path, scope));
  if (!selection.found) throw new MissingVariableError(path.source);
  return selection.value;
}

/** A path that may select many values is present when it selects any. */
function isPresent(path: JsonPath, scope: Scope): boolean {
  const selection = evaluatePath(path, rootOf(path, scope));
  if (!selection.found) return false;
  return path.definite || !Array.isArray(selection.value) || selection.value.length > 0;
}

function hasType(test: TypeTest, value: Json): boolean {
  switch (test) {
    case 'IsNull':
      return value === null;
    case 'IsNumeric':
      return typeof value === 'number';
    case 'IsString':
      return typeof value === 'string';
    case 'IsBoolean':
      return typeof value === 'boolean';
    case 'IsTimestamp':
      return typeof value === 'string' && parseTimestamp(value) !== undefined;
  }
}

/** Negative, zero or positive; undefined (the rule does not hold) when either side is not of the operand's type. */
function compare(of: Operand, a: Json, b: Json): number | undefined {
  switch (of) {
    case 'Numeric':
      return typeof a === 'number' && typeof b === 'number' ? Math.sign(a - b) : undefined;
    case 'String':
      return typeof a === 'string' && typeof b === 'string' ? (a === b ? 0 : a < b ? -1 : 1) : undefined;
    case 'Boolean':
      return typeof a === 'boolean' && typeof b === 'boolean' ? Number(a) - Number(b) : undefined;
    case 'Timestamp': {
      const [left, right] = [timestamp(a), timestamp(b)];
      return left !== undefined && right !== undefined ? compareTimestamps(left, right) : undefined;
    }
  }
}

function timestamp(value: Json): ReturnType<typeof parseTimestamp> {
  return typeof value === 'string' ? parseTimestamp(value) : undefined;
}

function inOrder(by: Order, difference: number): boolean {
  switch (by) {
    case 'Equals':
      return difference === 0;
    case 'LessThan':
      return difference < 0;
    case 'GreaterThan':
      return difference > 0;
    case 'LessThanEquals':
      return difference <= 0;
    case 'GreaterThanEquals':
      return difference >= 0;
  }
}

/** StringMatches: `*` stands for any characters; `\*` and `\\` for themselves. */
export function wildcardPattern(source: string): RegExp {
  const body = source.replace(
    /\\([\\*])|([*])|([.+?^${}()|[\]\\/])/g,
    (_all, escaped?: string, star?: string, special?: string) => {
      if (escaped !== undefined) return `\\${escaped}`;
      return star === undefined ? `\\${special}` : '.*';
    },
  );
  return new RegExp(`^${body}$`, 's');
}
