import { expect, test } from 'vitest';
import { anchors, links, programs } from '../../scripts/lib/markdown.mjs';

test.each([
  { name: 'an inline link', text: 'see [a](b.md).', targets: ['b.md'] },
  { name: 'two in a line', text: '[a](b.md) and [c](d.md#e)', targets: ['b.md', 'd.md#e'] },
  { name: 'an image with a title', text: '![a](b.png "c")', targets: ['b.png'] },
  { name: 'a linked image', text: '[![a](b.png)](c.md)', targets: ['b.png', 'c.md'] },
  { name: 'a reference', text: '[a]: b.md', targets: ['b.md'] },
  { name: 'inline code', text: '`[a](b.md)` is a link', targets: [] },
  { name: 'a fence', text: '```md\n[a](b.md)\n```\n[c](d.md)', targets: ['d.md'] },
  { name: 'a fence inside a longer fence', text: '````md\n```\n[a](b.md)\n```\n````', targets: [] },
])('links: $name', ({ text, targets }) => {
  expect(links(text).map(({ target }) => target)).toEqual(targets);
});

test('links tell their line, also after a fence', () => {
  expect(links('# a\n\n```ts\nconst a = 1;\n```\n\n[b](c.md)')).toEqual([{ line: 7, target: 'c.md' }]);
});

test('anchors are those of GitHub', () => {
  const text = '# The way of `one` order!\n## Same\n## Same\n```sh\n# no heading\n```\n### Über 3 a.m.';
  expect([...anchors(text)]).toEqual(['the-way-of-one-order', 'same', 'same-1', 'über-3-am']);
});

const program = "import { a } from 'b';\nconsole.log(a);";
test.each([
  {
    name: 'a block that imports',
    text: `\`\`\`ts\n${program}\n\`\`\``,
    found: [{ line: 1, code: program, output: undefined }],
  },
  {
    name: 'its output right after it',
    text: `\`\`\`ts\n${program}\n\`\`\`\n\n\`\`\`text\n1\n2\n\`\`\``,
    found: [{ line: 1, code: program, output: '1\n2' }],
  },
  {
    name: 'no output that stands apart',
    text: `\`\`\`ts\n${program}\n\`\`\`\nprose\n\`\`\`text\n1\n\`\`\``,
    found: [{ line: 1, code: program, output: undefined }],
  },
  { name: 'no fragment', text: '```ts\nconst a = 1;\n```', found: [] },
  { name: 'no other language', text: `\`\`\`js\n${program}\n\`\`\``, found: [] },
])('programs: $name', ({ text, found }) => {
  expect(programs(text)).toEqual(found);
});
