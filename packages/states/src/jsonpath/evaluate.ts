/** Evaluates parsed JSONPaths. Pure; the cost is bounded by the size of the value searched. */
import { isArray, isObject, type Json, typeName } from '../json/json.ts';
import { candidates, passes } from './filter.ts';
import type { JsonPath, Step } from './path.ts';

/** What a path selects: a value, or (definite paths only) the reason, in Jayway's words, why there is none. */
export type Selection =
  | { readonly found: true; readonly value: Json }
  | { readonly found: false; readonly reason: string };

/**
 * Evaluates `path` against `root`. A path that may select many values yields an array, empty when nothing
 * matches; a definite path yields the one value or says what is missing.
 */
export function evaluatePath(path: JsonPath, root: Json): Selection {
  if (!path.definite) return { found: true, value: [...selectAll(path.steps, root, root)] };
  let value = root;
  for (const [depth, step] of path.steps.entries()) {
    const next = stepInto(step, value, path.steps, depth);
    if (!next.found) return next;
    value = next.value;
  }
  return { found: true, value };
}

function stepInto(step: Step, value: Json, steps: readonly Step[], depth: number): Selection {
  const missing = (reason: string): Selection => ({ found: false, reason });
  if (step.kind === 'names') {
    const name = step.names[0] ?? '';
    if (!isObject(value)) {
      const place = `property ['${name}'] in path ${printSteps(steps.slice(0, depth))}`;
      return missing(`Expected to find an object with ${place} but found '${typeName(value)}'.`);
    }
    const next = Object.hasOwn(value, name) ? value[name] : undefined;
    if (next !== undefined) return { found: true, value: next };
    const upTo = printSteps(steps.slice(0, depth + 1));
    return missing(
      depth === steps.length - 1 ? `No results for path: ${upTo}` : `Missing property in path ${upTo}`,
    );
  }
  if (!isArray(value)) {
    const filter = printSteps([step]).slice(1);
    return missing(
      `Filter: ${filter} can only be applied to arrays. Current context is: ${JSON.stringify(value)}`,
    );
  }
  const next = select(step, value, value)[0];
  return next === undefined
    ? missing(`No results for path: ${printSteps(steps)}`)
    : { found: true, value: next };
}

/** Every value `steps` select below `value`, in document order. `root` is what `$` means inside filters. */
export function selectAll(steps: readonly Step[], value: Json, root: Json): readonly Json[] {
  let values: readonly Json[] = [value];
  for (const step of steps) values = values.flatMap((each) => select(step, each, root));
  return values;
}

function select(step: Step, value: Json, root: Json): readonly Json[] {
  switch (step.kind) {
    case 'names':
      return step.names.flatMap((name) =>
        isObject(value) ? own(value[name], Object.hasOwn(value, name)) : [],
      );
    case 'indexes':
      return isArray(value)
        ? step.indexes.flatMap((index) => own(value.at(index), inRange(index, value.length)))
        : [];
    case 'from-end':
      return isArray(value) ? own(value[value.length - step.offset], value.length >= step.offset) : [];
    case 'slice':
      return isArray(value) ? slice(value, step.from, step.to, step.by) : [];
    case 'wildcard':
      return children(value);
    case 'filter':
      return candidates(value).filter((candidate) => passes(step.filter, candidate, root, selectAll));
    case 'descend':
      return descendants(value).flatMap((each) => select(step.step, each, root));
  }
}

function own(value: Json | undefined, present: boolean): readonly Json[] {
  return present && value !== undefined ? [value] : [];
}

function inRange(index: number, length: number): boolean {
  return index < length && index >= -length;
}

function slice(items: readonly Json[], from: number | undefined, to: number | undefined, by: number): Json[] {
  return items.slice(from ?? 0, to ?? items.length).filter((_, position) => position % by === 0);
}

function children(value: Json): readonly Json[] {
  if (isArray(value)) return value;
  return isObject(value) ? Object.values(value) : [];
}

/** `value` and everything below it, parents first. Iterative: a deep input must not exhaust the stack. */
function descendants(value: Json): readonly Json[] {
  const found: Json[] = [];
  const pending: Json[] = [value];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    found.push(next);
    pending.push(...[...children(next)].reverse());
  }
  return found;
}

/** The canonical text of a path: `$['a'][0]`, as Jayway prints it in its messages. */
export function printSteps(steps: readonly Step[]): string {
  return `$${steps.map(printStep).join('')}`;
}

function printStep(step: Step): string {
  switch (step.kind) {
    case 'names':
      return `[${step.names.map((name) => `'${name}'`).join(',')}]`;
    case 'indexes':
      return `[${step.indexes.join(',')}]`;
    case 'from-end':
      return `[(@.length-${step.offset})]`;
    case 'slice':
      return `[${step.from ?? ''}:${step.to ?? ''}${step.by === 1 ? '' : `:${step.by}`}]`;
    case 'wildcard':
      return '[*]';
    case 'filter':
      return '[?]';
    case 'descend':
      return `..${printStep(step.step)}`;
  }
}
