// A rule that cannot fail guards nothing: each is shown a small bad house and must say what is wrong with it.
import { describe, expect, test } from 'vitest';
import type { Plan } from './rules.ts';
import { rules } from './rules.ts';
import { readSource } from './source-file.ts';
import type { Manifest, Room } from './tree.ts';

const plan: Plan = {
  house: {
    '@holdfast/core': { folder: 'packages/core', mayImport: [], usesRuntime: true },
    '@holdfast/redis': { folder: 'packages/redis', mayImport: ['@holdfast/core'], usesRuntime: true },
    '@holdfast/page': { folder: 'packages/page', mayImport: [], usesRuntime: false },
    '@holdfast/shop': {
      folder: 'examples/shop',
      mayImport: ['@holdfast/core', '@holdfast/redis'],
      typesOnly: ['@holdfast/page'],
      usesRuntime: false,
    },
  },
  runtimeExceptions: [{ file: 'packages/core/src/clock.ts', why: 'it is the clock' }],
};

/** A house that keeps every rule. */
const good: readonly Room[] = [
  room(
    'packages/core',
    { name: '@holdfast/core' },
    { 'index.ts': `export * from './clock.ts';`, 'clock.ts': 'Date.now();' },
  ),
  room(
    'packages/redis',
    { name: '@holdfast/redis', dependencies: { '@holdfast/core': '0.1.0' } },
    { 'index.ts': `import { a } from '@holdfast/core';` },
  ),
  room(
    'packages/page',
    { name: '@holdfast/page', exports: { './contract': '' }, private: true },
    { 'a.tsx': 'setTimeout(f);' },
  ),
  room(
    'examples/shop',
    { name: '@holdfast/shop', dependencies: { '@holdfast/page': '0.1.0' } },
    { 'a.ts': `import type { A } from '@holdfast/page/contract';` },
  ),
];

test('a good house breaks no rule', () => {
  expect(rules.flatMap(({ check }) => check(good, plan))).toEqual([]);
});

const badHouses = [
  {
    rule: 'every package is a room of the plan, and has a README',
    bad: [
      {
        name: 'an unplanned room',
        rooms: [room('packages/attic', { name: '@holdfast/attic' }, {})],
        says: 'packages/attic: "@holdfast/attic" is not in',
      },
      {
        name: 'a room in another place',
        rooms: [room('packages/elsewhere', { name: '@holdfast/core' }, {})],
        says: 'packages/elsewhere: "@holdfast/core" is not in',
      },
      {
        name: 'no README',
        rooms: [{ ...only('redis', ''), hasReadme: false }],
        says: 'packages/redis: has no README.md',
      },
    ],
  },
  {
    rule: 'a room imports only the rooms that the plan allows',
    bad: [
      {
        name: 'a room that it may not',
        rooms: [only('core', `import '@holdfast/redis';`)],
        says: 'packages/core/src/a.ts:1: @holdfast/core may not import @holdfast/redis',
      },
      {
        name: 'a type of a room that it may not',
        rooms: [only('redis', `import type { A } from '@holdfast/page/contract';`)],
        says: '@holdfast/redis may not import @holdfast/page',
      },
      {
        name: 'a value where types are allowed',
        rooms: [shop(`import { a } from '@holdfast/page/contract';`)],
        says: 'examples/shop/src/a.ts:1: only types may be imported from @holdfast/page',
      },
    ],
  },
  {
    rule: 'nothing is imported past a door',
    bad: [
      {
        name: 'a source behind the door',
        rooms: [...good, only('redis', `import '@holdfast/core/src/clock.ts';`)],
        says: 'packages/redis/src/a.ts:1: "@holdfast/core/src/clock.ts" is past the door; @holdfast/core exports .',
      },
      {
        name: 'a relative way out',
        rooms: [only('redis', `import '../../core/src/a.ts';`)],
        says: 'leaves the room',
      },
      {
        name: 'its own door',
        rooms: [only('redis', `import '@holdfast/redis';`)],
        says: 'imports its own package',
      },
    ],
  },
  {
    rule: 'core depends on nothing',
    bad: [
      {
        name: 'a node: import',
        rooms: [only('core', `import 'node:fs';`)],
        says: 'may not import "node:fs"',
      },
      {
        name: 'a dependency',
        rooms: [room('packages/core', { name: '@holdfast/core', dependencies: { zod: '^4' } }, {})],
        says: 'packages/core/package.json: core may not depend on "zod"',
      },
    ],
  },
  {
    rule: 'time and chance come from the Runtime',
    bad: [
      {
        name: 'a clock of its own',
        rooms: [...good, only('redis', 'Date.now();')],
        says: 'packages/redis/src/a.ts:1: Date.now; take it from the Runtime port. Excepted: packages/core/src/clock.ts (it is the clock)',
      },
      {
        name: 'an exception that is not used',
        rooms: [],
        says: 'packages/core/src/clock.ts: is excepted but',
      },
    ],
  },
  {
    rule: 'no circle of imports goes through more than one folder',
    bad: [
      {
        name: 'two folders that need each other',
        rooms: [
          room(
            'packages/redis',
            { name: '@holdfast/redis' },
            { 'a/a.ts': `import '../b/b.ts';`, 'b/b.ts': `import '../a/a.ts';` },
          ),
        ],
        says: 'packages/redis/src/a/a.ts → packages/redis/src/b/b.ts: a circle',
      },
    ],
  },
  {
    rule: 'package.json declares what the sources use, and nothing else',
    bad: [
      {
        name: 'an undeclared package',
        rooms: [only('redis', `import '@scope/x/y';`)],
        says: 'uses "@scope/x" but does not declare it',
      },
      {
        name: 'an unused package',
        rooms: [room('packages/redis', { name: '@holdfast/redis', dependencies: { ioredis: '^5' } }, {})],
        says: 'declares "ioredis" but does not use it',
      },
      {
        name: 'another version of a room',
        rooms: [
          ...good.slice(0, 1),
          room(
            'packages/redis',
            { name: '@holdfast/redis', dependencies: { '@holdfast/core': '0.0.9' } },
            { 'a.ts': `import '@holdfast/core';` },
          ),
        ],
        says: 'packages/redis: wants @holdfast/core 0.0.9; the room here is 0.1.0',
      },
    ],
  },
];

describe.each(badHouses)('$rule', ({ rule, bad }) => {
  test.each(bad)('finds $name', ({ rooms, says }) => {
    const violations = rules.find(({ name }) => name === rule)?.check(rooms, plan) ?? [];
    expect(violations).toHaveLength(1);
    expect(violations[0]).toContain(says);
  });
});

test('every rule has its bad house', () => {
  expect(badHouses.map(({ rule }) => rule)).toEqual(rules.map(({ name }) => name));
});

test.each([
  {
    name: 'types may go in a circle',
    files: { 'a/a.ts': `import type { B } from '../b/b.ts';`, 'b/b.ts': `import '../a/a.ts';` },
  },
  { name: 'one folder may recur', files: { 'a/a.ts': `import './b.ts';`, 'a/b.ts': `import './a.ts';` } },
  {
    name: 'a test may read the clock and use dev tools',
    files: { 'a.test.ts': `import 'vitest'; Date.now();` },
  },
  { name: "Node's own modules need no declaration", files: { 'a.ts': `import 'node:fs'; import 'path';` } },
])('allowed: $name', ({ files }) => {
  const rooms = [
    ...good.filter(({ folder }) => folder !== 'packages/redis'),
    room('packages/redis', { name: '@holdfast/redis' }, files),
  ];
  expect(rules.flatMap(({ check }) => check(rooms, plan))).toEqual([]);
});

function room(
  folder: string,
  manifest: Partial<Manifest> & { name: string },
  files: Readonly<Record<string, string>>,
): Room {
  return {
    folder,
    manifest: { version: '0.1.0', exports: { '.': '' }, ...manifest },
    hasReadme: true,
    files: Object.entries(files).map(([path, text]) => readSource(`${folder}/src/${path}`, text)),
  };
}

function only(name: 'core' | 'redis', text: string): Room {
  return room(`packages/${name}`, { name: `@holdfast/${name}` }, { 'a.ts': text });
}

function shop(text: string): Room {
  return room('examples/shop', { name: '@holdfast/shop' }, { 'a.ts': text });
}
