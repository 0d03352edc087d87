/** Reads the members of a request body with the checks and messages of the AWS API. */
import { RequestRefusedError } from '../engine/errors.ts';
import { type Json, type JsonObject, member } from '../json/json.ts';

export interface Members {
  raw(name: string): Json | undefined;
  text(name: string): string | undefined;
  texts<const N extends string>(...names: readonly N[]): { [K in N]?: string };
  required(name: string): string;
  flag(name: string, otherwise?: boolean): boolean;
  page(): { readonly maxResults?: number; readonly nextToken?: string };
}

/** All of it may throw RequestRefusedError ValidationException, naming the member. */
export function membersOf(body: JsonObject): Members {
  const raw = (name: string): Json | undefined => member(body, name) ?? undefined;
  const text = (name: string): string | undefined => {
    const value = raw(name);
    return value === undefined || typeof value === 'string' ? value : refuse(name, 'a string');
  };
  const number = (name: string): number | undefined => {
    const value = raw(name);
    return value === undefined || typeof value === 'number' ? value : refuse(name, 'a number');
  };
  return {
    raw,
    text,
    texts: (...names) => {
      const found: { [K in (typeof names)[number]]?: string } = {};
      for (const name of names) {
        const value = text(name);
        if (value !== undefined) found[name] = value;
      }
      return found;
    },
    required: (name) => {
      const value = text(name);
      if (value !== undefined) return value;
      const what = `Value null at '${name}' failed to satisfy constraint: Member must not be null`;
      throw new RequestRefusedError('ValidationException', `1 validation error detected: ${what}`);
    },
    flag: (name, otherwise = false) => {
      const value = raw(name);
      if (value === undefined) return otherwise;
      return typeof value === 'boolean' ? value : refuse(name, 'a boolean');
    },
    page: () => {
      const [maxResults, nextToken] = [number('maxResults'), text('nextToken')];
      return {
        ...(maxResults === undefined ? {} : { maxResults }),
        ...(nextToken === undefined ? {} : { nextToken }),
      };
    },
  };
}

function refuse(name: string, expected: string): never {
  throw new RequestRefusedError(
    'ValidationException',
    `1 validation error detected: Value at '${name}' must be ${expected}`,
  );
}
