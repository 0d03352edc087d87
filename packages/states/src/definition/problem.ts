/** What can be wrong with a definition, in the shape and words of ValidateStateMachineDefinition. */

/** One thing wrong, where, and whether AWS would refuse it too. */
export interface Problem {
  /**
   * `invalid`: not States Language; AWS refuses it as well. `unsupported`: AWS would run it, this engine cannot,
   * and refuses rather than ignore it.
   */
  readonly kind: 'invalid' | 'unsupported';
  /** AWS's diagnostic code, or `HOLDFAST_UNSUPPORTED`. */
  readonly code:
    | 'SCHEMA_VALIDATION_FAILED'
    | 'MISSING_TRANSITION_TARGET'
    | 'INVALID_JSON_DESCRIPTION'
    | 'HOLDFAST_UNSUPPORTED';
  /** JSON pointer into the definition, for example `/States/Charge/Retry/0`. */
  readonly path: string;
  readonly message: string;
}

export interface Problems {
  readonly list: readonly Problem[];
  invalid(path: string, message: string): void;
  missingTarget(path: string, message: string): void;
  unsupported(path: string, message: string): void;
}

/** More problems than this are not listed; the first hundred say enough, as at AWS. */
const MAX_PROBLEMS = 100;

export function problemList(): Problems {
  const list: Problem[] = [];
  const add = (problem: Problem): void => {
    if (list.length < MAX_PROBLEMS) list.push(problem);
  };
  return {
    list,
    invalid: (path, message) => add({ kind: 'invalid', code: 'SCHEMA_VALIDATION_FAILED', path, message }),
    missingTarget: (path, message) =>
      add({ kind: 'invalid', code: 'MISSING_TRANSITION_TARGET', path, message }),
    unsupported: (path, message) => add({ kind: 'unsupported', code: 'HOLDFAST_UNSUPPORTED', path, message }),
  };
}

/** `SCHEMA_VALIDATION_FAILED: These fields are required: [States] at /`, as InvalidDefinition lists them. */
export function printProblem(problem: Problem): string {
  return `${problem.code}: ${problem.message} at ${problem.path}`;
}
