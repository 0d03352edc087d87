/** Compiles a definition (JSON text) to a {@link Program}, or lists everything wrong with it. Pure. */
import { isObject, type Json, type JsonObject, parseJson } from '../json/json.ts';
import { jsonSyntaxProblem } from '../json/syntax-problem.ts';
import { refusesJsonata } from './compile-common.ts';
import { compileState } from './compile-state.ts';
import { type Fields, fieldsOf } from './fields.ts';
import { type Problem, type Problems, problemList } from './problem.ts';
import type { Program, State, Transition } from './program.ts';

export type Compiled =
  | { readonly ok: true; readonly program: Program }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Longest definition AWS accepts: 1 MiB of UTF-8. */
export const MAX_DEFINITION_BYTES = 1_048_576;

const MAX_NAME_LENGTH = 80;

/** What is wrong with `text`: nothing when the engine would run it. */
export function validateDefinition(text: string): readonly Problem[] {
  const compiled = compileDefinition(text);
  return compiled.ok ? [] : compiled.problems;
}

export function compileDefinition(text: string): Compiled {
  const problems = problemList();
  const source = readSource(text);
  if (typeof source === 'string') return { ok: false, problems: [unreadable(source)] };
  const root = fieldsOf(source, '/', problems);
  root.string('Version');
  if (refusesJsonata(root)) return { ok: false, problems: problems.list };
  const timeoutSeconds = root.integer('TimeoutSeconds', 1);
  const program = compileProgram(root, new Set());
  if (problems.list.length > 0 || program === undefined) return { ok: false, problems: problems.list };
  return { ok: true, program: timeoutSeconds === undefined ? program : { ...program, timeoutSeconds } };
}

function readSource(text: string): JsonObject | string {
  if (Buffer.byteLength(text) > MAX_DEFINITION_BYTES)
    return `Definition is larger than ${MAX_DEFINITION_BYTES} bytes`;
  const problem = jsonSyntaxProblem(text);
  if (problem !== undefined) return problem;
  const value = parseJson(text);
  return isObject(value) ? value : 'The definition must be a JSON object';
}

function unreadable(message: string): Problem {
  return { kind: 'invalid', code: 'INVALID_JSON_DESCRIPTION', path: '/', message };
}

/** The states of the whole machine, a branch or an item processor. `names` collects the names of all of them. */
function compileProgram(fields: Fields, names: Set<string>): Program | undefined {
  fields.required('StartAt', 'States');
  const startAt = fields.string('StartAt');
  const sources = fields.object('States');
  fields.rest();
  if (startAt === undefined || sources === undefined) return undefined;
  const states = compileStates(sources, fields, names);
  if (!Object.hasOwn(sources, startAt)) {
    fields.problems.missingTarget(fields.at('StartAt'), `Missing 'StartAt' target: ${startAt}`);
  } else if (states.size === Object.keys(sources).length) {
    checkReach(startAt, states, fields);
  }
  return { startAt, states };
}

function compileStates(sources: JsonObject, fields: Fields, names: Set<string>): Map<string, State> {
  const states = new Map<string, State>();
  const path = fields.at('States');
  if (Object.keys(sources).length === 0) fields.problems.invalid(path, 'Value cannot be empty');
  for (const [name, source] of Object.entries(sources)) {
    checkName(name, `${path}/${name}`, names, fields.problems);
    const state = compileStateAt(name, source, `${path}/${name}`, names, fields.problems);
    if (state !== undefined) states.set(name, state);
  }
  for (const target of [...states.values()].flatMap(targets)) {
    if (!Object.hasOwn(sources, target.state)) {
      fields.problems.missingTarget(
        `${path}/${target.from}/${target.field}`,
        `Missing '${target.label}' target: ${target.state}`,
      );
    }
  }
  return states;
}

function checkName(name: string, path: string, names: Set<string>, problems: Problems): void {
  if (name.length > MAX_NAME_LENGTH)
    problems.invalid(path, `State name is longer than ${MAX_NAME_LENGTH} characters`);
  if (names.has(name)) problems.invalid(path, `Duplicate State name: ${name}`);
  names.add(name);
}

function compileStateAt(
  name: string,
  source: Json,
  path: string,
  names: Set<string>,
  problems: Problems,
): State | undefined {
  if (isObject(source))
    return compileState(name, fieldsOf(source, path, problems), (inner) => compileProgram(inner, names));
  problems.invalid(path, 'Expected value of type Object');
  return undefined;
}

interface Target {
  readonly from: string;
  readonly field: string;
  readonly label: string;
  readonly state: string;
}

function targets(state: State): readonly Target[] {
  const to = (field: string, name: string | undefined, label = 'Next'): Target[] =>
    name === undefined ? [] : [{ from: state.name, field, label, state: name }];
  const next = (transition: Transition): Target[] =>
    transition.kind === 'next' ? to('Next', transition.state) : [];
  switch (state.type) {
    case 'Succeed':
    case 'Fail':
      return [];
    case 'Choice':
      return [
        ...state.choices.flatMap((choice, i) => to(`Choices[${i}]/Next`, choice.next)),
        ...to('Default', state.default, 'Default'),
      ];
    case 'Task':
    case 'Parallel':
    case 'Map':
      return [
        ...next(state.next),
        ...state.catch.flatMap((catcher, i) => to(`Catch[${i}]/Next`, catcher.next)),
      ];
    default:
      return next(state.next);
  }
}

/** AWS refuses states that nothing leads to. */
function checkReach(startAt: string, states: ReadonlyMap<string, State>, fields: Fields): void {
  const reached = new Set<string>([startAt]);
  for (const name of reached) {
    const state = states.get(name);
    for (const target of state === undefined ? [] : targets(state)) reached.add(target.state);
  }
  for (const name of states.keys()) {
    if (!reached.has(name))
      fields.problems.missingTarget(`${fields.at('States')}/${name}`, `State "${name}" is not reachable.`);
  }
}
