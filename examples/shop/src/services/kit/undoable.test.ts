import { expect, test } from 'vitest';
import { decideCreate, decideUndo, undoableState } from './undoable.ts';

test.each([
  ['absent', false, 'apply'],
  ['absent', true, 'apply'],
  ['active', true, 'repeat'],
  ['active', false, 'conflict'],
  ['undone', true, 'too-late'],
  ['undone', false, 'too-late'],
] as const)('%s, then created with same contents %s: %s', (state, same, decision) => {
  expect(decideCreate(state, same)).toBe(decision);
});

test.each([
  ['absent', 'entomb'],
  ['active', 'undo'],
  ['undone', 'repeat'],
] as const)('%s, then undone: %s', (state, decision) => {
  expect(decideUndo(state)).toBe(decision);
});

test('a state that no version wrote is refused rather than guessed', () => {
  expect(undoableState('active')).toBe('active');
  expect(() => undoableState('cancelled')).toThrow('"cancelled" is not a state');
});
