import { expect, test } from 'vitest';
import { refuseForeign } from './guard-origin.ts';

test.each<[why: string, headers: Record<string, string>, refused: string | undefined]>([
  ['its own address', { host: '127.0.0.1:4600' }, undefined],
  ['localhost', { host: 'localhost:4600', origin: 'http://localhost:4600' }, undefined],
  ['the page by the other name', { host: '127.0.0.1:4600', origin: 'http://localhost:4600' }, undefined],
  ['no host at all', {}, 'Host'],
  ['a rebound name', { host: 'evil.example:4600' }, 'Host'],
  ['another port of this machine', { host: '127.0.0.1:4601' }, 'Host'],
  ['a page elsewhere', { host: '127.0.0.1:4600', origin: 'https://evil.example' }, 'Origin'],
  ['a page on another local port', { host: '127.0.0.1:4600', origin: 'http://127.0.0.1:3000' }, 'Origin'],
  ['a sandboxed frame', { host: '127.0.0.1:4600', origin: 'null' }, 'Origin'],
  ['https in front of the own name', { host: '127.0.0.1:4600', origin: 'https://127.0.0.1:4600' }, 'Origin'],
])('%s', (_why, headers, refused) => {
  const attempt = (): void => refuseForeign(new Headers(headers), 4600);
  if (refused === undefined) expect(attempt).not.toThrow();
  else expect(attempt).toThrow(new RegExp(`the ${refused} header`));
});
