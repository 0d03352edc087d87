import { expect, test } from 'vitest';
import { problemOf } from './api.ts';

const problem = {
  type: 'urn:x',
  title: 'Refused',
  status: 422,
  detail: 'why',
  code: 'HF_X',
  correlationId: 'c',
};
const stood = {
  type: 'about:blank',
  title: 'The shop answered 502',
  status: 502,
  code: 'HTTP_502',
  correlationId: '',
};

test.each([
  ['a problem document as it is', JSON.stringify(problem), problem],
  ['a proxy’s page by its status', '<html>Bad gateway</html>', { ...stood, detail: stood.title }],
  ['JSON that is no problem by its status', '{"oops":1}', { ...stood, detail: stood.title }],
  ['an empty body by its status', '', { ...stood, detail: stood.title }],
])('%s', (_why, text, expected) => expect(problemOf(text, 502)).toEqual(expected));
