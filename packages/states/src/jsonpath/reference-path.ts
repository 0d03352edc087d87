/** Reference paths: the part of JSONPath that names exactly one place, used by ResultPath to write into the input. */
import { isArray, isObject, type Json } from '../json/json.ts';
import { parsePath } from './parse.ts';

/** Where a result goes. `keys` is empty for `$`: the result replaces everything. */
export interface ReferencePath {
  readonly source: string;
  readonly keys: readonly (string | number)[];
}

/** @throws PathSyntaxError when `source` is no path; returns undefined when it is one that names several places. */
export function parseReferencePath(source: string): ReferencePath | undefined {
  const path = parsePath(source);
  if (path.root === 'context') return undefined;
  const keys: (string | number)[] = [];
  for (const step of path.steps) {
    const key = step.kind === 'names' ? step.names[0] : step.kind === 'indexes' ? step.indexes[0] : undefined;
    if (!path.definite || key === undefined || (typeof key === 'number' && key < 0)) return undefined;
    keys.push(key);
  }
  return { source, keys };
}

/**
 * A copy of `target` with `value` at `path`; objects on the way are made, siblings kept. Undefined when the way
 * is blocked: a scalar stands where an object is needed, or an index lies outside its array.
 */
export function writeAt(path: ReferencePath, target: Json, value: Json): Json | undefined {
  return write(path.keys, 0, target, value);
}

function write(
  keys: readonly (string | number)[],
  depth: number,
  target: Json | undefined,
  value: Json,
): Json | undefined {
  const key = keys[depth];
  if (key === undefined) return value;
  if (typeof key === 'number') {
    if (!isArray(target) || key >= target.length) return undefined;
    const item = write(keys, depth + 1, target[key], value);
    return item === undefined ? undefined : target.with(key, item);
  }
  if (target !== undefined && !isObject(target)) return undefined;
  const inner = target !== undefined && Object.hasOwn(target, key) ? target[key] : undefined;
  const written = write(keys, depth + 1, inner, value);
  return written === undefined ? undefined : { ...target, [key]: written };
}
