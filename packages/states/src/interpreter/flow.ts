/** How control moves: out of a state, to the end of a thread, down into children and up to the state that gathers them. */
import type { MapState, Program, State, Transition } from '../definition/program.ts';
import type { Json } from '../json/json.ts';
import { addThread, type Draft, type MutableThread, nextId, own, record, recordAfter } from './draft.ts';
import type { Gathering, Thread } from './execution.ts';
import { checkedText } from './io.ts';

/** The state after this one, or undefined at the end. */
export function target(transition: Transition): string | undefined {
  return transition.kind === 'next' ? transition.state : undefined;
}

/** Leaves `state` with `output` for `next`, or ends the thread when there is none. */
export function leave(
  draft: Draft,
  thread: MutableThread,
  state: State,
  output: Json,
  next: string | undefined,
): void {
  const text = checkedText(thread, output);
  if (state.type !== 'Fail') {
    const details = { name: state.name, output: text, outputDetails: { truncated: false } };
    record(draft, thread, `${state.type}StateExited`, details);
  }
  if (next === undefined) {
    finish(draft, thread, output, text);
    return;
  }
  thread.state = next;
  thread.input = output;
  thread.inputText = text;
  thread.enteredEventId = 0;
  thread.wait = { kind: 'turn' };
  draft.runnable.push(thread.id);
}

/** The end of a thread: of the execution itself, or of one child of the state above. */
function finish(draft: Draft, thread: MutableThread, output: Json, text: string): void {
  draft.threads.delete(thread.id);
  const parent = thread.parent === undefined ? undefined : own(draft, thread.parent.thread);
  if (thread.parent !== undefined && parent !== undefined) {
    gather(draft, parent, thread, thread.parent.index, output);
    return;
  }
  const details = { output: text, outputDetails: { truncated: false } };
  recordAfter(draft, thread.previousEventId, 'ExecutionSucceeded', details);
  draft.status = 'SUCCEEDED';
  draft.end = { output: text };
}

/** Takes the result of one child; starts the next iteration, or lets the parent go on when all are done. */
function gather(draft: Draft, parent: MutableThread, child: Thread, index: number, output: Json): void {
  const state = parent.program.states.get(parent.state);
  if (parent.wait.kind !== 'children' || state === undefined) return;
  const { wait } = parent;
  const gathered: Gathering = {
    ...wait,
    running: wait.running - 1,
    results: wait.results.with(index, output),
  };
  parent.wait = gathered;
  parent.previousEventId = child.previousEventId;
  if (state.type === 'Map') {
    const succeeded = recordAfter(draft, child.previousEventId, 'MapIterationSucceeded', {
      name: state.name,
      index,
    });
    if (gathered.next < gathered.items.length) {
      startIteration(draft, parent, state, gathered);
      return;
    }
    parent.previousEventId = succeeded;
  }
  if (gathered.running > 0) return;
  parent.wait = { kind: 'gathered', results: gathered.results };
  draft.runnable.push(parent.id);
}

/** Starts the next iteration of a Map; it follows whatever the parent's thread saw last. */
export function startIteration(draft: Draft, parent: MutableThread, state: MapState, wait: Gathering): void {
  const index = wait.next;
  const started = recordAfter(draft, parent.previousEventId, 'MapIterationStarted', {
    name: state.name,
    index,
  });
  parent.wait = { ...wait, next: index + 1, running: wait.running + 1 };
  startChild(draft, parent, state.processor, index, wait.inputs[index] ?? null, started, {
    index,
    value: wait.items[index] ?? null,
  });
}

/** Starts the thread of a branch or iteration. `item` is absent for branches, which see the one around them. */
export function startChild(
  draft: Draft,
  parent: Thread,
  program: Program,
  index: number,
  input: Json,
  previousEventId: number,
  item: Thread['item'] = parent.item,
): void {
  addThread(draft, {
    id: nextId(draft),
    program,
    parent: { thread: parent.id, index },
    path: `${parent.path}/${parent.state}[${index}]`,
    state: program.startAt,
    input,
    inputText: JSON.stringify(input),
    enteredAt: draft.at,
    enteredEventId: 0,
    previousEventId,
    retries: [],
    ...(item === undefined ? {} : { item }),
    wait: { kind: 'turn' },
  });
}
