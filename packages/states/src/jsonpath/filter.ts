/** Evaluates the filter expressions of JSONPath. Paths nest inside, so their evaluator is passed in. */
import { equalJson, isArray, isObject, type Json } from '../json/json.ts';
import type { Comparator, Filter, Operand, Step } from './path.ts';

type Select = (steps: readonly Step[], value: Json, root: Json) => readonly Json[];

/** Whether `candidate` (`@`) passes. `root` is `$`. */
export function passes(filter: Filter, candidate: Json, root: Json, select: Select): boolean {
  switch (filter.kind) {
    case 'or':
      return filter.parts.some((part) => passes(part, candidate, root, select));
    case 'and':
      return filter.parts.every((part) => passes(part, candidate, root, select));
    case 'not':
      return !passes(filter.part, candidate, root, select);
    case 'exists':
      return operandValue(filter.operand, candidate, root, select) !== undefined;
    case 'match': {
      const left = operandValue(filter.left, candidate, root, select);
      return typeof left === 'string' && filter.pattern.test(left);
    }
    case 'compare':
      return compares(
        filter.by,
        operandValue(filter.left, candidate, root, select),
        operandValue(filter.right, candidate, root, select),
      );
  }
}

function operandValue(operand: Operand, candidate: Json, root: Json, select: Select): Json | undefined {
  if (operand.kind === 'literal') return operand.value;
  return select(operand.steps, operand.root === '@' ? candidate : root, root)[0];
}

function compares(by: Comparator, left: Json | undefined, right: Json | undefined): boolean {
  if (by === '!=') return !same(left, right);
  if (left === undefined || right === undefined) return false;
  switch (by) {
    case '==':
      return same(left, right);
    case 'in':
      return isArray(right) && right.some((item) => equalJson(item, left));
    case 'nin':
      return isArray(right) && !right.some((item) => equalJson(item, left));
    default:
      return ordered(by, left, right);
  }
}

function same(left: Json | undefined, right: Json | undefined): boolean {
  return left !== undefined && right !== undefined && equalJson(left, right);
}

function ordered(by: '<' | '<=' | '>' | '>=', left: Json, right: Json): boolean {
  const numbers = typeof left === 'number' && typeof right === 'number';
  const strings = typeof left === 'string' && typeof right === 'string';
  if (!numbers && !strings) return false;
  switch (by) {
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

/** Every candidate a filter looks at: the items of an array, or the object itself as Jayway does. */
export function candidates(value: Json): readonly Json[] {
  if (isArray(value)) return value;
  return isObject(value) ? [value] : [];
}
