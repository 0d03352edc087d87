/** Where on a form a problem belongs. Pure. */
import type { Problem } from '../contract.ts';
import type { Answer } from '../live/api.ts';

export interface FormFaults {
  /** By JSON pointer, for the fields that the form shows. */
  readonly byField: Readonly<Record<string, string>>;
  /** What no field shows: said once, under the form. */
  readonly rest: string | undefined;
}

export const NO_FAULTS: FormFaults = { byField: {}, rest: undefined };

/**
 * Sorts what went wrong to the fields at fault.
 * @param fields pointers that the form can show; the first fault of a field is shown
 * @param retryHint what pressing again would do, said when nobody knows whether the request arrived
 */
export function faultsOf(answer: Answer<unknown>, fields: readonly string[], retryHint: string): FormFaults {
  switch (answer.kind) {
    case 'ok':
      return NO_FAULTS;
    case 'unreachable':
      return { byField: {}, rest: `The shop did not answer: ${answer.detail}. ${retryHint}` };
    case 'refused':
      return sorted(answer.problem, fields);
  }
}

function sorted(problem: Problem, fields: readonly string[]): FormFaults {
  const errors = problem.errors ?? [];
  const shown = errors.filter(({ pointer }) => fields.includes(pointer));
  const hidden = errors.filter(({ pointer }) => !fields.includes(pointer));
  const byField = Object.fromEntries(shown.map(({ pointer, detail }) => [pointer, detail]).reverse());
  if (errors.length === 0) return { byField, rest: sentence(problem.title, problem.detail) };
  if (hidden.length === 0) return { byField, rest: undefined };
  return { byField, rest: hidden.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; ') };
}

function sentence(title: string, detail: string): string {
  return detail === '' || detail === title ? title : `${title}: ${detail}`;
}
