/** Says what is wrong with a JSON text in the words of AWS (which are those of Jackson, its Java parser). */

const TOKENS = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')";

/** Values nested deeper than this are refused, as Jackson does: what walks over them afterwards may then recurse. */
export const MAX_NESTING = 1_000;

/** What is wrong with `text`, or undefined when it is JSON nested no deeper than {@link MAX_NESTING}. */
export function jsonSyntaxProblem(text: string): string | undefined {
  try {
    JSON.parse(text);
    const depth = text.length > 2 * MAX_NESTING ? nestingOf(text) : 0;
    return depth > MAX_NESTING
      ? `Document nesting depth (${depth}) exceeds the maximum allowed (${MAX_NESTING})`
      : undefined;
  } catch (error) {
    return describe(text, positionOf(text, error instanceof Error ? error.message : ''));
  }
}

/** V8 names the offset of the offending character, except at the end of the text and for very short texts. */
function positionOf(text: string, message: string): number {
  const named = /at position (\d+)/.exec(message)?.[1];
  if (named !== undefined) return Number(named);
  const token = /^Unexpected token '(.)'/su.exec(message)?.[1];
  return token === undefined ? text.length : text.indexOf(token);
}

function describe(text: string, position: number): string {
  const character = text[position];
  if (character === undefined) return 'Unexpected end-of-input: was expecting closing quote or bracket';
  const word = /^[A-Za-z_$][\w$]*/.exec(text.slice(wordStart(text, position)))?.[0];
  if (word !== undefined) return `Unrecognized token '${word}': was expecting ${TOKENS}`;
  const place = /[{,]\s*$/.test(text.slice(0, position)) && insideObject(text.slice(0, position));
  const expected = place ? 'double-quote to start field name' : 'a valid JSON value';
  return `Unexpected character ('${character}' (code ${character.charCodeAt(0)})): was expecting ${expected}`;
}

/** V8 points into a half-read literal (`no|t`); the message must name the whole word. */
function wordStart(text: string, position: number): number {
  let start = position;
  while (start > 0 && /[\w$]/.test(text[start - 1] ?? '')) start -= 1;
  return start;
}

function insideObject(before: string): boolean {
  return before.lastIndexOf('{') > before.lastIndexOf('[');
}

/** How deep the arrays and objects of a valid JSON text nest. Strings are skipped whole: they may hold brackets. */
function nestingOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{}]/gs)) {
    if (token === '[' || token === '{') depth += 1;
    else if (token === ']' || token === '}') depth -= 1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
