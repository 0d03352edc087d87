/** Turns a schema's findings into field errors that name the field, the bound and the value given. */
import type { z } from 'zod';
import { type FieldError, ProblemError } from './problems.ts';

/** Values longer than this are cut in messages. */
const MAX_SHOWN = 60;

/**
 * Parses `value` or refuses it. `at` is put before each pointer: empty for a body, `/query` for a query.
 * @throws ProblemError `invalid-request` with every field at fault.
 */
export function parsed<S extends z.ZodType>(schema: S, value: unknown, at = ''): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const errors = fieldErrors(result.error, at);
  const [first] = errors;
  const where =
    first === undefined ? 'the request is not valid' : `${first.pointer || 'the body'} ${first.detail}`;
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more)` : '';
  throw new ProblemError('invalid-request', `${where}${more}; nothing was changed`, errors);
}

/** Every field at fault. The schema must have been run with `reportInput`, for the values to be told. */
export function fieldErrors(error: z.ZodError, at: string): readonly FieldError[] {
  return error.issues.flatMap((issue) => errorsOf(issue, at));
}

function errorsOf(issue: z.core.$ZodIssue, at: string): FieldError[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      pointer: at + pointer([...issue.path, key]),
      detail: 'is not a known field',
    }));
  }
  if (issue.input === undefined) return [{ pointer: at + pointer(issue.path), detail: 'is missing' }];
  return [{ pointer: at + pointer(issue.path), detail: `${rule(issue)}, but is ${shown(issue.input)}` }];
}

function rule(issue: z.core.$ZodIssue): string {
  const unit = sizeUnit('origin' in issue ? issue.origin : undefined);
  switch (issue.code) {
    case 'too_small':
      return `must be ${issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unit}`;
    case 'too_big':
      return `must be ${issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unit}`;
    case 'invalid_type':
      return `must be ${issue.expected === 'int' ? 'a whole number' : `of type ${issue.expected}`}`;
    case 'invalid_format':
      return `must match ${issue.pattern ?? issue.format}`;
    case 'invalid_value':
      return `must be ${issue.values.map((each) => JSON.stringify(each)).join(' or ')}`;
    default:
      return `is not valid (${issue.message})`;
  }
}

function sizeUnit(origin: string | undefined): string {
  if (origin === 'string') return ' characters long';
  return origin === 'array' ? ' entries long' : '';
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return `${value.length} long`;
  const text = JSON.stringify(value) ?? String(value);
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}… (${text.length} characters)` : text;
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}
