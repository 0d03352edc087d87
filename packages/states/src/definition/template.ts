/**
 * Payload templates (Parameters, ItemSelector, ResultSelector): JSON in which a key ending in `.$` holds a path
 * or an intrinsic call. Compiled once; a template without any such key is one literal and costs nothing to fill.
 */
import { type IntrinsicCall, parseIntrinsic } from '../intrinsics/parse.ts';
import { isArray, isObject, type Json } from '../json/json.ts';
import { parsePath } from '../jsonpath/parse.ts';
import type { JsonPath } from '../jsonpath/path.ts';

export type Expression =
  | { readonly kind: 'path'; readonly path: JsonPath }
  | { readonly kind: 'call'; readonly call: IntrinsicCall };

export type Template =
  | { readonly kind: 'literal'; readonly value: Json }
  | { readonly kind: 'list'; readonly items: readonly Template[] }
  | { readonly kind: 'fields'; readonly fields: readonly TemplateField[] };

export interface TemplateField {
  /** The key of the result. */
  readonly key: string;
  /** The key as written, with `.$`. */
  readonly field: string;
  readonly value: Template | Expression;
}

/** Told of each thing wrong: the key as written and why. */
export type TemplateProblem = (message: string) => void;

/** @throws PathSyntaxError when `source` is neither path nor intrinsic call. */
export function parseExpression(source: string): Expression {
  return source.startsWith('$')
    ? { kind: 'path', path: parsePath(source) }
    : { kind: 'call', call: parseIntrinsic(source) };
}

export function compileTemplate(source: Json, problem: TemplateProblem): Template {
  if (isArray(source)) {
    const items = source.map((item) => compileTemplate(item, problem));
    return items.every((item) => item.kind === 'literal')
      ? { kind: 'literal', value: source }
      : { kind: 'list', items };
  }
  if (!isObject(source)) return { kind: 'literal', value: source };
  const fields = Object.entries(source).map(([field, value]) => compileField(field, value, source, problem));
  return fields.every(({ value }) => value.kind === 'literal')
    ? { kind: 'literal', value: source }
    : { kind: 'fields', fields };
}

function compileField(field: string, value: Json, siblings: Json, problem: TemplateProblem): TemplateField {
  if (!field.endsWith('.$')) return { key: field, field, value: compileTemplate(value, problem) };
  const key = field.slice(0, -2);
  if (isObject(siblings) && Object.hasOwn(siblings, key))
    problem(`The field '${key}' is given twice: as '${key}' and as '${field}'`);
  try {
    if (typeof value === 'string') return { key, field, value: parseExpression(value) };
  } catch {
    // Reported below, in the words of AWS.
  }
  problem(`The value for the field '${field}' must be a valid JSONPath or a valid intrinsic function call`);
  return { key, field, value: { kind: 'literal', value } };
}
