/** Reads the fields of one object of a definition, reporting what is wrong, so that the compilers stay declarative. */
import { isArray, isObject, type Json, type JsonObject } from '../json/json.ts';
import { parsePath } from '../jsonpath/parse.ts';
import type { JsonPath } from '../jsonpath/path.ts';
import { parseReferencePath, type ReferencePath } from '../jsonpath/reference-path.ts';
import type { Problems } from './problem.ts';
import type { Amount } from './program.ts';
import { compileTemplate, type Template } from './template.ts';

/** Durations and counts AWS accepts at most: 99,999,999. */
export const MAX_AMOUNT = 99_999_999;

export interface Fields {
  readonly path: string;
  readonly problems: Problems;
  has(name: string): boolean;
  raw(name: string): Json | undefined;
  at(name: string): string;
  required(...names: readonly string[]): void;
  string(name: string): string | undefined;
  boolean(name: string): boolean | undefined;
  number(name: string, min: number, max: number): number | undefined;
  integer(name: string, min: number, max?: number): number | undefined;
  oneOf<const T extends string>(name: string, allowed: readonly T[]): T | undefined;
  object(name: string): JsonObject | undefined;
  list(name: string): readonly Json[] | undefined;
  jsonPath(name: string): JsonPath | undefined;
  /** A path, or null to discard. */
  pathOrNull(name: string): JsonPath | null | undefined;
  referencePath(name: string): ReferencePath | null | undefined;
  template(name: string): Template | undefined;
  /** `name` as a constant or `namePath` as a place; both at once is a problem. */
  amount(name: string, min: number): Amount | undefined;
  exclusive(first: string, second: string): void;
  /** Refuses the field, when it is there, as something only AWS itself can run. */
  unsupported(name: string, message: string): void;
  /** Reports every field that nothing has asked for. Call last. */
  rest(): void;
}

export function fieldsOf(source: JsonObject, path: string, problems: Problems): Fields {
  const known = new Set(['Comment']);
  const at = (name: string): string => `${path === '/' ? '' : path}/${name}`;
  const raw = (name: string): Json | undefined => {
    known.add(name);
    return Object.hasOwn(source, name) ? source[name] : undefined;
  };
  const wrong = (name: string, message: string): undefined => {
    problems.invalid(at(name), message);
    return undefined;
  };
  const string = (name: string): string | undefined => {
    const value = raw(name);
    if (value === undefined || typeof value === 'string') return value;
    return wrong(name, 'Expected value of type String');
  };
  const number = (name: string, min: number, max: number): number | undefined => {
    const value = raw(name);
    if (value === undefined) return undefined;
    if (typeof value !== 'number') return wrong(name, 'Expected value of type Number');
    if (value < min || value > max)
      return wrong(name, `Value must be between ${min} and ${max}, not ${value}`);
    return value;
  };
  const integer = (name: string, min: number, max = MAX_AMOUNT): number | undefined => {
    const value = number(name, min, max);
    return value === undefined || Number.isInteger(value)
      ? value
      : wrong(name, 'Expected value of type Integer');
  };
  const jsonPath = (name: string): JsonPath | undefined => {
    const value = string(name);
    if (value === undefined) return undefined;
    try {
      return parsePath(value);
    } catch {
      return wrong(name, 'Value is not a valid JSONPath');
    }
  };
  const exclusive = (first: string, second: string): void => {
    if (raw(first) !== undefined && raw(second) !== undefined) {
      problems.invalid(path, `You cannot specify '${first}' and '${second}' together`);
    }
  };
  return {
    path,
    problems,
    at,
    raw,
    string,
    number,
    integer,
    jsonPath,
    exclusive,
    has: (name) => raw(name) !== undefined,
    required: (...names) => {
      const missing = names.filter((name) => raw(name) === undefined);
      if (missing.length > 0) problems.invalid(path, `These fields are required: [${missing.join(', ')}]`);
    },
    boolean: (name) => {
      const value = raw(name);
      return value === undefined || typeof value === 'boolean'
        ? value
        : wrong(name, 'Expected value of type Boolean');
    },
    oneOf: (name, allowed) => {
      const value = string(name);
      if (value === undefined) return undefined;
      return (
        allowed.find((each) => each === value) ?? wrong(name, `Value is not one of: [${allowed.join(', ')}]`)
      );
    },
    object: (name) => {
      const value = raw(name);
      return value === undefined || isObject(value) ? value : wrong(name, 'Expected value of type Object');
    },
    list: (name) => {
      const value = raw(name);
      return value === undefined || isArray(value) ? value : wrong(name, 'Expected value of type Array');
    },
    pathOrNull: (name) => (raw(name) === null ? null : jsonPath(name)),
    referencePath: (name) => {
      if (raw(name) === null) return null;
      const value = string(name);
      if (value === undefined) return undefined;
      try {
        return parseReferencePath(value) ?? wrong(name, 'Value is not a Reference Path');
      } catch {
        return wrong(name, 'Value is not a Reference Path');
      }
    },
    template: (name) => {
      const value = raw(name);
      return value === undefined ? undefined : compileTemplate(value, (message) => wrong(name, message));
    },
    amount: (name, min) => {
      exclusive(name, `${name}Path`);
      const value = integer(name, min);
      const place = jsonPath(`${name}Path`);
      if (value !== undefined) return { kind: 'constant', value };
      return place === undefined ? undefined : { kind: 'path', path: place };
    },
    unsupported: (name, message) => {
      if (raw(name) !== undefined) problems.unsupported(at(name), message);
    },
    rest: () => {
      for (const name of Object.keys(source)) {
        if (!known.has(name)) problems.invalid(at(name), 'Field is not supported');
      }
    },
  };
}
