import { expect, test } from 'vitest';
import { moved } from './listbox.model.ts';

test.each<[why: string, key: string, from: number, length: number, to: number | undefined]>([
  ['down one', 'ArrowDown', 0, 5, 1],
  ['down stops at the end', 'ArrowDown', 4, 5, 4],
  ['down from nothing chosen begins at the top', 'ArrowDown', -1, 5, 0],
  ['up one', 'ArrowUp', 3, 5, 2],
  ['up stops at the top', 'ArrowUp', 0, 5, 0],
  ['up from nothing chosen begins at the top', 'ArrowUp', -1, 5, 0],
  ['a page down', 'PageDown', 3, 50, 13],
  ['a page down stops at the end', 'PageDown', 45, 50, 49],
  ['a page up stops at the top', 'PageUp', 3, 50, 0],
  ['home', 'Home', 7, 9, 0],
  ['end', 'End', 0, 9, 8],
  ['another key is not the list’s', 'a', 0, 9, undefined],
  ['an empty list has no place', 'End', -1, 0, undefined],
])('%s', (_why, key, from, length, to) => expect(moved(key, from, length)).toBe(to));
