import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { failureOf } from './failure.ts';

const withCode = (code: unknown) => Object.assign(new TypeError('bad'), { code });

const raise = (): never => {
  throw new Error('not describable');
};
const textless = Object.assign(new Error('gone'), { message: undefined });

test.each<{ name: string; thrown: unknown; code: string; message: string }>([
  { name: 'an error by its code', thrown: withCode('HF_TIMEOUT'), code: 'HF_TIMEOUT', message: 'bad' },
  { name: 'an error by its name', thrown: new RangeError('out'), code: 'RangeError', message: 'out' },
  { name: 'a code that is no text', thrown: withCode(42), code: 'TypeError', message: 'bad' },
  { name: 'an empty code', thrown: withCode(''), code: 'TypeError', message: 'bad' },
  { name: 'text', thrown: 'oops', code: 'NonError', message: 'oops' },
  { name: 'nothing', thrown: undefined, code: 'NonError', message: 'undefined' },
  {
    name: 'an object without a prototype',
    thrown: Object.create(null),
    code: 'NonError',
    message: '[Object: null prototype] {}',
  },
  { name: 'an object by its content', thrown: { status: 503 }, code: 'NonError', message: '{ status: 503 }' },
  { name: 'an error whose message is no text', thrown: textless, code: 'Error', message: 'undefined' },
  {
    name: 'an object that fails to describe itself',
    thrown: { [inspect.custom]: raise },
    code: 'NonError',
    message: expect.stringContaining('nodejs.util.inspect.custom'),
  },
  {
    name: 'exactly the longest message',
    thrown: new Error('m'.repeat(1_024)),
    code: 'Error',
    message: 'm'.repeat(1_024),
  },
  {
    name: 'a longer message',
    thrown: new Error('m'.repeat(1_025)),
    code: 'Error',
    message: `${'m'.repeat(1_024)}…`,
  },
])('$name', ({ thrown, code, message }) => {
  const { stack, ...failure } = failureOf(thrown);
  expect(failure).toEqual({ code, message });
  expect(stack).toBe(thrown instanceof Error ? thrown.stack : undefined);
});
