/** What a request must satisfy before anything is written. Each check refuses with the error and message of AWS. */
import { compileDefinition } from '../definition/compile.ts';
import { printProblem } from '../definition/problem.ts';
import type { Program } from '../definition/program.ts';
import { exceedsPayloadLimit } from '../interpreter/io.ts';
import { equalJson, parseJson } from '../json/json.ts';
import { jsonSyntaxProblem } from '../json/syntax-problem.ts';
import { RequestRefusedError } from './errors.ts';
import type { ExecutionRow } from './rows.ts';

const STATUS_FILTERS = ['SUCCEEDED', 'TIMED_OUT', 'PENDING_REDRIVE', 'ABORTED', 'FAILED', 'RUNNING'];

/** Compiled definitions by text, the most recently used 500: an execution must not parse its definition again. */
export function programCache(): { get(definition: string): Program } {
  const cache = new Map<string, Program>();
  const limit = 500;
  return {
    get: (definition) => {
      const program = cache.get(definition) ?? compileOrRefuse(definition);
      cache.delete(definition);
      cache.set(definition, program);
      const oldest = cache.size > limit ? cache.keys().next().value : undefined;
      if (oldest !== undefined) cache.delete(oldest);
      return program;
    },
  };
}

function compileOrRefuse(definition: string): Program {
  const compiled = compileDefinition(definition);
  if (compiled.ok) return compiled.program;
  const list = compiled.problems.map(printProblem).join(', ');
  throw new RequestRefusedError('InvalidDefinition', `Invalid State Machine Definition: '${list}'`);
}

export function checkDefinition(definition: string): void {
  compileOrRefuse(definition);
}

export function checkInput(input: string): void {
  const refuse = (problem: string): never => {
    throw new RequestRefusedError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${problem}'`,
    );
  };
  if (input.trim() === '') refuse('Invalid execution input.');
  const problem = jsonSyntaxProblem(input);
  if (problem !== undefined) refuse(problem);
  if (exceedsPayloadLimit(input)) refuse('The input is larger than 262144 bytes.');
}

export function sameExecution(
  existing: ExecutionRow,
  input: string,
): { executionArn: string; startDateMs: number } {
  if (existing.status === 'RUNNING' && equalJson(parseJson(existing.input), parseJson(input))) {
    return { executionArn: existing.arn, startDateMs: existing.startedAt };
  }
  throw new RequestRefusedError('ExecutionAlreadyExists', `Execution Already Exists: '${existing.arn}'`);
}

export function tooMany(limit: number): RequestRefusedError {
  return new RequestRefusedError(
    'ExecutionLimitExceeded',
    `${limit} executions are running, which is the most allowed; start it again later`,
  );
}

export function checkStatusFilter(filter: string | undefined): void {
  if (filter === undefined || STATUS_FILTERS.includes(filter)) return;
  const what = `Value '${filter}' at 'statusFilter' failed to satisfy constraint: Member must satisfy enum value set: [${STATUS_FILTERS.join(', ')}]`;
  throw new RequestRefusedError('ValidationException', `1 validation error detected: ${what}`);
}

/** What goes on into the headers of every call must fit there: printable ASCII, as AWS asks of `traceHeader`. */
export function checkHeaders(values: { readonly [member: string]: string | undefined }): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || /^[\x20-\x7e]{1,256}$/.test(value)) continue;
    const what = `Value at '${name}' failed to satisfy constraint: Member must be 1 to 256 printable ASCII characters`;
    throw new RequestRefusedError('ValidationException', `1 validation error detected: ${what}`);
  }
}
