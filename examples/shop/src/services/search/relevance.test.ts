import fc from 'fast-check';
import { expect, test } from 'vitest';
import { relevance, words } from './relevance.ts';

const lamp = {
  name: 'Aurora Slim Desk Lamp',
  category: 'Lighting',
  keywords: 'light office reading',
  popularity: 1,
};

test.each<[text: string, parts: string[]]>([
  ['Desk-Lamp, 40W', ['desk', 'lamp', '40w']],
  ['Café CAFE', ['cafe']],
  ['"x" OR name:*', ['x', 'or', 'name']],
  ['  ', []],
  ['a b c d e f g h i j k l m n', ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l']],
])('the words of %j', (text, parts) => {
  expect(words(text)).toEqual(parts);
});

test.each<[query: string, expected: number]>([
  ['lamp', 1],
  ['desk lamp', 1],
  ['lam', 0.8],
  ['lighting', 0.7],
  ['ligh', 0.55],
  ['office', 0.6],
  ['offi', 0.45],
  ['desk sofa', 0.5],
  ['amp', 0],
  ['', 0],
])('%j fits a desk lamp by %f', (query, expected) => {
  expect(relevance(words(query), lamp)).toBeCloseTo(expected, 4);
});

test('between equal matches the popular one comes first, by a tenth at most', () => {
  expect(relevance(['lamp'], { ...lamp, popularity: 0 })).toBeCloseTo(0.9);
});

test('is always in 0..1, and one more matching word never makes it worse than one that does not match', () => {
  const some = fc.array(fc.constantFrom('desk', 'lamp', 'off', 'read', 'sofa', 'x'), { maxLength: 6 });
  const reached = new Set<boolean>();
  fc.assert(
    fc.property(some, fc.double({ min: 0, max: 1, noNaN: true }), (query, popularity) => {
      const product = { ...lamp, popularity };
      const score = relevance(query, product);
      expect(score).toSatisfy((value: number) => value >= 0 && value <= 1);
      expect(relevance([...query, 'aurora'], product)).toBeGreaterThanOrEqual(
        relevance([...query, 'nowhere'], product),
      );
      reached.add(score > 0);
    }),
  );
  expect(reached).toEqual(new Set([true, false]));
});
