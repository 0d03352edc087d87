// Holds the repository against the plan of the house.
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { house, runtimeExceptions } from './house.ts';
import { rules } from './rules.ts';
import { readTree } from './tree.ts';

const rooms = readTree(fileURLToPath(new URL('../..', import.meta.url)));

describe('the house', () => {
  test('has every room of the plan, each with sources to look at', () => {
    const planned = Object.keys(house).sort();
    expect(
      rooms
        .filter(({ files }) => files.length > 0)
        .map(({ manifest }) => manifest.name)
        .sort(),
    ).toEqual(planned);
  });

  test.each(rules)('$name', ({ check }) => {
    expect(check(rooms, { house, runtimeExceptions })).toEqual([]);
  });
});
