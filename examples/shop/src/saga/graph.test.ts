import { expect, test } from 'vitest';
import { readSaga } from './definition.ts';
import { sagaGraph } from './graph.ts';

const { machine, text } = readSaga();
const graph = sagaGraph(machine);
const kind = (name: string): string | undefined => graph.states.find((state) => state.name === name)?.kind;

test.each([
  ['ReservePayment', 'forward'],
  ['ReserveInventory', 'forward'],
  ['CreateShipping', 'forward'],
  ['ConfirmOrder', 'forward'],
  ['CancelShipping', 'compensation'],
  ['ReleaseInventory', 'compensation'],
  ['ReleasePayment', 'compensation'],
  ['AnnounceOrder', 'announce'],
  ['RecordHistory', 'announce'],
  ['OrderConfirmed', 'end'],
  ['OrderUndone', 'end'],
  ['OrderStuck', 'end'],
])('%s is %s', (name, expected) => {
  expect(kind(name)).toBe(expected);
});

/** Where the saga goes when a step ends with this error. */
function caughtBy(state: string, error: string): string | undefined {
  const catchers = machine.States[state]?.Catch ?? [];
  return catchers.find(({ ErrorEquals }) => ErrorEquals.includes(error) || ErrorEquals.includes('States.ALL'))
    ?.Next;
}

function compensations(from: string | undefined): readonly string[] {
  const names: string[] = [];
  for (
    let name = from;
    name !== undefined && kind(name) === 'compensation';
    name = machine.States[name]?.Next
  )
    names.push(name);
  return names;
}

test.each<[step: string, error: string, undone: readonly string[]]>([
  ['ReservePayment', 'PaymentDeclined', []],
  ['ReservePayment', 'States.Timeout', ['ReleasePayment']],
  ['ReservePayment', 'Unavailable', ['ReleasePayment']],
  ['ReserveInventory', 'InsufficientStock', ['ReleasePayment']],
  ['ReserveInventory', 'States.Timeout', ['ReleaseInventory', 'ReleasePayment']],
  ['CreateShipping', 'DeliveryUnavailable', ['ReleaseInventory', 'ReleasePayment']],
  ['CreateShipping', 'States.Timeout', ['CancelShipping', 'ReleaseInventory', 'ReleasePayment']],
  ['ConfirmOrder', 'Unavailable', ['CancelShipping', 'ReleaseInventory', 'ReleasePayment']],
])('%s ending in %s undoes exactly what happened or may have happened, last first', (step, error, undone) => {
  expect(compensations(caughtBy(step, error))).toEqual(undone);
});

test('every edge leads to a state of the graph', () => {
  const names = new Set(graph.states.map(({ name }) => name));
  expect(graph.edges.filter(({ from, to }) => !names.has(from) || !names.has(to))).toEqual([]);
});

test('the file holds nothing that AWS Step Functions would refuse for its place: no account, no address of ours', () => {
  expect(text).not.toMatch(/127\.0\.0\.1|localhost|\d{12}/);
  expect(new Set(text.match(/arn:[^"]+/g))).toEqual(new Set(['arn:aws:states:::lambda:invoke']));
});
