/** Input and output processing: InputPath, ResultSelector, ResultPath, OutputPath and the payload limit. */
import type { Guarded } from '../definition/program.ts';
import type { Json } from '../json/json.ts';
import type { JsonPath } from '../jsonpath/path.ts';
import { type ReferencePath, writeAt } from '../jsonpath/reference-path.ts';
import type { Draft } from './draft.ts';
import type { Thread } from './execution.ts';
import { StateFailure } from './failure.ts';
import { MAX_PAYLOAD_BYTES } from './history.ts';
import { fill, scopeOf, valueAt } from './scope.ts';

/** `$` after InputPath. */
export function effectiveInput(draft: Draft, thread: Thread, path: JsonPath | null | undefined): Json {
  return filtered(draft, thread, path, thread.input);
}

/** Applies InputPath or OutputPath: absent keeps everything, null discards everything. */
export function filtered(draft: Draft, thread: Thread, path: JsonPath | null | undefined, value: Json): Json {
  if (path === undefined) return value;
  return path === null ? {} : valueAt(path, scopeOf(draft, thread, value));
}

/** What becomes of a result: ResultSelector, then ResultPath over the raw input, then OutputPath. */
export function outputOf(
  draft: Draft,
  thread: Thread,
  state: Pick<Guarded, 'resultSelector' | 'resultPath' | 'outputPath'>,
  result: Json,
): Json {
  const { resultSelector } = state;
  const selected =
    resultSelector === undefined ? result : fill(resultSelector, scopeOf(draft, thread, result));
  return filtered(draft, thread, state.outputPath, placed(thread, state.resultPath, selected));
}

/** Applies ResultPath: absent replaces the input, null keeps it, a path writes into it. */
export function placed(thread: Thread, path: ReferencePath | null | undefined, result: Json): Json {
  if (path === null) return thread.input;
  if (path === undefined) return result;
  const combined = writeAt(path, thread.input, result);
  if (combined !== undefined) return combined;
  const cause = `Unable to apply ReferencePath ${path.source} to input ${thread.inputText}`;
  throw new StateFailure({ error: 'States.ResultPathMatchFailure', cause, terminal: false });
}

/** `value` as text. Fails the state when it is larger than 256 KiB. */
export function checkedText(thread: Thread, value: Json): string {
  if (value === thread.input) return thread.inputText;
  const text = JSON.stringify(value);
  if (exceedsPayloadLimit(text)) {
    throw new StateFailure({
      error: 'States.DataLimitExceeded',
      cause: dataLimitCause(thread.state),
      terminal: false,
    });
  }
  return text;
}

/** Whether `text` takes more than 256 KiB of UTF-8. Counts bytes only when the length leaves it open. */
export function exceedsPayloadLimit(text: string): boolean {
  return text.length * 3 > MAX_PAYLOAD_BYTES && Buffer.byteLength(text) > MAX_PAYLOAD_BYTES;
}

/** What AWS says of a result over the limit; `who` is a state, a function's ARN, or `lambda`. */
export function dataLimitCause(who: string): string {
  return `The state/task '${who}' returned a result with a size exceeding the maximum number of bytes service limit.`;
}
