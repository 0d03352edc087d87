import { expect, test } from 'vitest';
import { readSource } from './source-file.ts';

test.each([
  { name: 'a value import', text: `import { a } from 'x';`, imports: [['x', 'value']] },
  { name: 'a side-effect import', text: `import 'x';`, imports: [['x', 'value']] },
  { name: 'an empty import', text: `import {} from 'x';`, imports: [['x', 'value']] },
  { name: 'a namespace import', text: `import * as a from 'x';`, imports: [['x', 'value']] },
  { name: 'a type import', text: `import type { A } from 'x';`, imports: [['x', 'type']] },
  { name: 'inline types only', text: `import { type A, type B } from 'x';`, imports: [['x', 'type']] },
  { name: 'types and a value', text: `import { type A, b } from 'x';`, imports: [['x', 'value']] },
  {
    name: 'a re-export',
    text: `export { a } from 'x'; export * from 'y';`,
    imports: [
      ['x', 'value'],
      ['y', 'value'],
    ],
  },
  {
    name: 'a type re-export',
    text: `export type { A } from 'x'; export type * from 'y';`,
    imports: [
      ['x', 'type'],
      ['y', 'type'],
    ],
  },
  { name: 'a dynamic import', text: `await import('x');`, imports: [['x', 'value']] },
  { name: 'an import type', text: `let a: import('x').A;`, imports: [['x', 'type']] },
  { name: 'a local export', text: `export const a = 1;`, imports: [] },
  { name: 'a comment and a string', text: `// import 'x';\nconst a = "import 'y'";`, imports: [] },
])('sees $name', ({ text, imports }) => {
  const found = readSource('a.ts', text).imports.map(({ specifier, typeOnly }) => [
    specifier,
    typeOnly ? 'type' : 'value',
  ]);
  expect(found).toEqual(imports);
});

test.each([
  { text: 'Date.now();', uses: ['Date.now'] },
  { text: 'const clock = Date.now;', uses: ['Date.now'] },
  { text: 'globalThis.performance.now();', uses: ['performance.now'] },
  { text: 'new Date();', uses: ['new Date()'] },
  { text: 'Date();', uses: ['Date()'] },
  { text: 'new Date(atMs).toISOString();', uses: [] },
  { text: 'Math.random(); Math.floor(1);', uses: ['Math.random'] },
  {
    text: 'setTimeout(run, 1); globalThis.setInterval(run, 1);',
    uses: ['setTimeout()', 'globalThis.setInterval'],
  },
  { text: `import { setTimeout as sleep } from 'node:timers/promises';`, uses: ['node:timers/promises'] },
  { text: 'crypto.randomUUID();', uses: ['crypto.randomUUID'] },
  { text: 'AbortSignal.timeout(5); AbortSignal.any([]);', uses: ['AbortSignal.timeout'] },
  { text: 'runtime.now(); runtime.random(); // Date.now()', uses: [] },
])('sees real time and chance in: $text', ({ text, uses }) => {
  expect(readSource('a.ts', text).realUses.map(({ what }) => what)).toEqual(uses);
});

test('tells the line', () => {
  const { imports, realUses } = readSource('a.ts', `// head\nimport 'x';\n\nDate.now();`);
  expect([imports[0]?.line, realUses[0]?.line]).toEqual([2, 4]);
});

test('names the file that does not parse', () => {
  expect(() => readSource('packages/a/src/b.ts', 'const = ;')).toThrow('packages/a/src/b.ts does not parse');
});
