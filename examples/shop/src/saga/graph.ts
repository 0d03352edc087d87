/** The saga as a graph for the page, made from the definition itself: what is a way forward, what undoes. */
import type { OrderStep, SagaGraph } from '@holdfast/dashboard/contract';
import type { SagaMachine, SagaState } from './definition.ts';

type Kind = OrderStep['kind'];

/** Pure. States inside a Parallel's branches are listed as states of their own. */
export function sagaGraph(machine: SagaMachine): SagaGraph {
  const forward = chain(machine);
  const states: { name: string; kind: Kind; type: string; comment?: string }[] = [];
  const edges: { from: string; to: string; on: 'next' | 'error'; errors?: readonly string[] }[] = [];
  const add = (each: SagaMachine, kindOf: (name: string, state: SagaState) => Kind): void => {
    for (const [name, state] of Object.entries(each.States)) {
      states.push({
        name,
        kind: kindOf(name, state),
        type: state.Type,
        ...(state.Comment === undefined ? {} : { comment: state.Comment }),
      });
      if (state.Next !== undefined) edges.push({ from: name, to: state.Next, on: 'next' });
      for (const { ErrorEquals, Next } of state.Catch ?? [])
        edges.push({ from: name, to: Next, on: 'error', errors: ErrorEquals });
      for (const branch of state.Branches ?? []) {
        edges.push({ from: name, to: branch.StartAt, on: 'next' });
        add(branch, () => 'announce');
      }
    }
  };
  add(machine, (name, state) => {
    if (state.Type === 'Succeed' || state.Type === 'Fail') return 'end';
    if (state.Type === 'Parallel') return 'announce';
    return forward.has(name) ? 'forward' : 'compensation';
  });
  return { startAt: machine.StartAt, states, edges };
}

/** Names on the way that an order takes when nothing fails. */
function chain(machine: SagaMachine): ReadonlySet<string> {
  const seen = new Set<string>();
  let name: string | undefined = machine.StartAt;
  while (name !== undefined && !seen.has(name)) {
    seen.add(name);
    name = machine.States[name]?.Next;
  }
  return seen;
}
