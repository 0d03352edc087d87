// What the scripts decide before they do anything: install or not, which Node, which steps are stale.
import { expect, test } from 'vitest';
import { staleSteps } from '../../scripts/lib/build.mjs';
import { needsInstall } from '../../scripts/lib/install.mjs';
import { isAtLeast, pickNode } from '../../scripts/lib/runtime.mjs';

/** The part of a lock file's entry that decides. */
interface Entry {
  readonly version?: string;
  readonly integrity?: string;
  readonly link?: boolean;
  readonly optional?: boolean;
}

const locked: { readonly packages: Record<string, Entry> } = {
  packages: {
    '': {},
    'packages/core': { version: '0.1.0' },
    'node_modules/@holdfast/core': { link: true },
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/a/node_modules/@scope/b': { version: '2.0.0', integrity: 'sha512-b' },
    'node_modules/only-on-darwin': { version: '3.0.0', integrity: 'sha512-c', optional: true },
  },
};
const installed = without('', 'node_modules/only-on-darwin');

test.each([
  { name: 'nothing is there', now: undefined, reason: 'nothing is installed yet' },
  { name: 'the install was interrupted', now: {}, reason: 'nothing is installed yet' },
  { name: 'all is there but another platform’s', now: { packages: installed }, reason: undefined },
  {
    name: 'a package is missing',
    now: { packages: without('node_modules/a/node_modules/@scope/b') },
    reason: '@scope/b is missing',
  },
  {
    name: 'a version differs',
    now: { packages: { ...installed, 'node_modules/a': { version: '1.0.1', integrity: 'sha512-a' } } },
    reason: 'a is not the locked version',
  },
  {
    name: 'the content differs',
    now: { packages: { ...installed, 'node_modules/a': { version: '1.0.0', integrity: 'sha512-z' } } },
    reason: 'a is not the locked version',
  },
  {
    name: 'a room is not linked',
    now: { packages: without('node_modules/@holdfast/core') },
    reason: '@holdfast/core is missing',
  },
])('install when $name: $reason', ({ now, reason }) => {
  expect(needsInstall(locked, now)).toBe(reason);
});

test.each([
  { packaged: '24.21.0', own: '20.20.2', use: 'packaged' },
  { packaged: '24.21.0', own: '26.0.0', use: 'packaged' },
  { packaged: undefined, own: '24.1.0', use: 'own' },
  { packaged: undefined, own: '22.16.0', use: 'own' },
  { packaged: '20.1.0', own: '22.16.0', use: 'own' },
])('Node: $use when the package is $packaged and the machine has $own', ({ packaged, own, use }) => {
  expect(pickNode({ path: 'packaged', version: packaged }, { path: 'own', version: own })).toEqual({
    kind: 'use',
    path: use,
  });
});

test.each([
  {
    packaged: undefined,
    own: '20.20.2',
    why: 'this one is 20.20.2, and the npm package "node" does not run',
  },
  {
    packaged: '22.14.0',
    own: '22.14.9',
    why: 'this one is 22.14.9, and the npm package "node" is only 22.14.0',
  },
])('Node: repair when the package is $packaged and the machine has $own', ({ packaged, own, why }) => {
  const choice = pickNode({ path: 'packaged', version: packaged }, { path: 'own', version: own });
  expect(choice).toEqual({ kind: 'repair', why: `Node 22.16.0 or newer is needed; ${why}` });
});

test.each([
  ['22.16.0', '22.16.0', true],
  ['22.15.99', '22.16.0', false],
  ['23.0.0', '22.16.0', true],
  ['9.99.0', '22.16.0', false],
  [undefined, '22.16.0', false],
])('%s is at least %s: %s', (version, oldest, expected) => {
  expect(isAtLeast(version, oldest)).toBe(expected);
});

const steps = [
  { name: 'packages', makes: ['packages/a/dist/.tsbuildinfo', 'packages/b/dist/.tsbuildinfo'] },
  { name: 'page', makes: ['dist/index.html'] },
];
const everything = new Set(steps.flatMap(({ makes }) => makes));

test.each([
  {
    name: 'the first time',
    now: { packages: '1', page: '1' },
    stamped: {},
    gone: '',
    stale: ['packages', 'page'],
  },
  {
    name: 'nothing changed',
    now: { packages: '1', page: '1' },
    stamped: { packages: '1', page: '1' },
    gone: '',
    stale: [],
  },
  {
    name: 'the page changed',
    now: { packages: '1', page: '2' },
    stamped: { packages: '1', page: '1' },
    gone: '',
    stale: ['page'],
  },
  {
    name: 'an output was deleted',
    now: { packages: '1', page: '1' },
    stamped: { packages: '1', page: '1' },
    gone: 'packages/b/dist/.tsbuildinfo',
    stale: ['packages'],
  },
])('build when $name: $stale', ({ now, stamped, gone, stale }) => {
  const exists = (path: string): boolean => path !== gone && everything.has(path);
  expect(staleSteps(steps, now, stamped, exists).map(({ name }) => name)).toEqual(stale);
});

function without(...paths: readonly string[]): Record<string, Entry> {
  return Object.fromEntries(Object.entries(locked.packages).filter(([path]) => !paths.includes(path)));
}
