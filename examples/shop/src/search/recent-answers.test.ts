import { expect, test } from 'vitest';
import { recentAnswers } from './recent-answers.ts';

test.each<[why: string, kept: readonly string[], asked: string, answer: readonly string[]]>([
  ['nothing kept', [], 'blue kettle', []],
  ['the same query in other spacing and case', ['Blue  Kettle'], 'blue kettle', ['Blue  Kettle']],
  [
    'the most recent that shares a word',
    ['blue kettle', 'blue lamp', 'red chair'],
    'blue sofa',
    ['blue lamp'],
  ],
  ['no shared word', ['red chair'], 'blue sofa', []],
  ['the oldest forgotten beyond the bound', ['one', 'two', 'three', 'four'], 'one', []],
])('%s', (_why, kept, asked, answer) => {
  const recent = recentAnswers<string>(3);
  for (const query of kept) recent.keep(query, [query]);
  expect(recent.like(asked)).toEqual(answer);
});

test('an answer that was used stays longer than one that was not', () => {
  const recent = recentAnswers<string>(2);
  recent.keep('one', ['1']);
  recent.keep('two', ['2']);
  recent.like('one');
  recent.keep('three', ['3']);
  expect([recent.like('one'), recent.like('two')]).toEqual([['1'], []]);
});

test('an empty answer does not push out a useful one', () => {
  const recent = recentAnswers<string>(2);
  recent.keep('one', ['1']);
  recent.keep('one', []);
  expect(recent.like('one')).toEqual(['1']);
});
