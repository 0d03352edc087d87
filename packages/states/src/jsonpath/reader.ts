/** A cursor over a short text: the one scanner under the parsers of paths, filters and intrinsic functions. */
import { HoldfastError } from '@holdfast/core';

/** `HF_PATH_SYNTAX`: raised while parsing a path or intrinsic; `position` is the offset at which it stopped making sense. */
export class PathSyntaxError extends HoldfastError {
  readonly code = 'HF_PATH_SYNTAX';
  readonly retryable = false;
  readonly source: string;
  readonly position: number;
  constructor(source: string, position: number, expected: string) {
    super(`"${source}": ${expected} at offset ${position}`);
    this.source = source;
    this.position = position;
  }
}

export interface Reader {
  done(): boolean;
  position(): number;
  /** What has been read since `start`. */
  textFrom(start: number): string;
  peek(): string | undefined;
  /** Consumes `text` when it comes next. */
  take(text: string): boolean;
  /** Consumes `text` or fails. */
  expect(text: string): void;
  /** Consumes what the sticky `pattern` matches here. */
  match(pattern: RegExp): string | undefined;
  skipSpace(): void;
  /** Consumes a quoted string; a backslash escapes only the quote it was opened with. */
  quoted(): string;
  fail(expected: string): never;
}

export function reader(source: string): Reader {
  let position = 0;
  const fail = (expected: string): never => {
    throw new PathSyntaxError(source, position, expected);
  };
  const take = (text: string): boolean => {
    if (!source.startsWith(text, position)) return false;
    position += text.length;
    return true;
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = position;
    const found = pattern.exec(source)?.[0];
    if (found === undefined || found === '') return undefined;
    position += found.length;
    return found;
  };
  return {
    done: () => position >= source.length,
    position: () => position,
    textFrom: (start) => source.slice(start, position),
    peek: () => source[position],
    take,
    match,
    fail,
    expect: (text) => {
      if (!take(text)) fail(`expected "${text}"`);
    },
    skipSpace: () => {
      match(/\s+/y);
    },
    quoted: () => {
      const quote = source[position];
      if (quote !== "'" && quote !== '"') return fail('expected a quoted name');
      position += 1;
      let text = '';
      for (;;) {
        const character = source[position];
        if (character === undefined) return fail('the quote is not closed');
        position += 1;
        if (character === quote) return text;
        if (character === '\\' && source[position] === quote) {
          text += quote;
          position += 1;
        } else {
          text += character;
        }
      }
    },
  };
}
