/** The JSON values that flow between states, and the few operations every part of the engine needs on them. */

/** Any JSON value. Values are never mutated once they are in an execution. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object; keys may be anything, `__proto__` included, so read with {@link member}. */
export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isArray(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** The own member `key` of `value`, or undefined when `value` is no object or has no such member. */
export function member(value: Json | undefined, key: string): Json | undefined {
  return isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
}

/** Parses JSON text. @throws SyntaxError as `JSON.parse` does. */
export function parseJson(text: string): Json {
  return JSON.parse(text);
}

/** The name AWS messages and people use for the type of `value`. */
export function typeName(value: Json): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Structural equality; the order of object members does not matter. */
export function equalJson(a: Json, b: Json): boolean {
  if (a === b) return true;
  if (isArray(a)) {
    return isArray(b) && a.length === b.length && a.every((item, i) => equalJson(item, b[i] ?? null));
  }
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key] ?? null, b[key] ?? null))
  );
}
