import { appendFileSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { expect, test } from 'vitest';
import { temporaryPath } from '../testing.fixture.ts';
import { lineSink, type WriteBytes } from './line-sink.ts';

/**
 * A destination that answers each attempt to write by one step of a script and takes everything afterwards: a number
 * is how many bytes it takes, a text the code of the error it raises.
 */
function scripted(...script: (number | string)[]) {
  const taken: string[] = [];
  let attempts = 0;
  const recovered: number[] = [];
  const writeBytes: WriteBytes = (_fd, bytes) => {
    attempts += 1;
    const step = script.shift() ?? bytes.length;
    if (typeof step === 'string') throw Object.assign(new Error(step), { code: step });
    taken.push(Buffer.from(bytes.subarray(0, step)).toString());
    return Math.min(step, bytes.length);
  };
  const waits: number[] = [];
  const sink = lineSink({
    onRecovered: (lines) => recovered.push(lines),
    writeBytes,
    wait: (ms) => waits.push(ms),
  });
  return { sink, text: () => taken.join(''), recovered, attempts: () => attempts, waits };
}

const repeat = (step: string, times: number) => Array.from({ length: times }, () => step);

test.each<{ name: string; script: (number | string)[]; lines: string[]; text: string; recovered: number[] }>([
  { name: 'whole lines', script: [], lines: ['one\n', 'two\n'], text: 'one\ntwo\n', recovered: [] },
  { name: 'a line taken by parts', script: [1, 2], lines: ['one\n'], text: 'one\n', recovered: [] },
  {
    name: 'a pipe that was full for a moment',
    script: repeat('EAGAIN', 20),
    lines: ['one\n'],
    text: 'one\n',
    recovered: [],
  },
  {
    name: 'a full disk costs a line, and says so after',
    script: ['ENOSPC'],
    lines: ['one\n', 'two\n'],
    text: 'two\n',
    recovered: [1],
  },
  {
    name: 'several lost lines',
    script: ['EPIPE', 'EPIPE', 'EPIPE'],
    lines: ['1\n', '2\n', '3\n', '4\n', '5\n'],
    text: '4\n5\n',
    recovered: [3],
  },
  {
    name: 'a torn line is closed',
    script: [2, 'ENOSPC'],
    lines: ['one\n', 'two\n'],
    text: 'on\ntwo\n',
    recovered: [1],
  },
  {
    name: 'a torn line stays torn while lines are lost',
    script: [2, 'ENOSPC', 'ENOSPC'],
    lines: ['one\n', 'two\n', 'three\n'],
    text: 'on\nthree\n',
    recovered: [2],
  },
])('$name', ({ script, lines, text, recovered }) => {
  const destination = scripted(...script);
  for (const line of lines) destination.sink.write(line);
  expect(destination.text()).toBe(text);
  expect(destination.recovered).toEqual(recovered);
});

test('a pipe that nobody reads is waited for once, at most 100 ms, not by every line', () => {
  const { sink, attempts, waits, text } = scripted(...repeat('EAGAIN', 24));
  sink.write('first\n');
  expect(attempts()).toBe(21);
  for (const line of ['second\n', 'third\n', 'fourth\n']) sink.write(line);
  expect(attempts()).toBe(24);
  expect(waits).toEqual(Array.from({ length: 20 }, () => 5));
  sink.write('fifth\n');
  expect(text()).toBe('fifth\n');
});

test('after closing nothing is written', () => {
  const { sink, text, attempts } = scripted();
  sink.write('one\n');
  sink.close();
  sink.write('two\n');
  expect({ text: text(), attempts: attempts() }).toEqual({ text: 'one\n', attempts: 1 });
});

test('appends to a file in a folder that it makes, and goes on after the file was truncated', () => {
  const path = temporaryPath('logs/today/service.log');
  const first = lineSink({ path, onRecovered: () => {} });
  first.write('one\n');
  first.close();
  first.close();
  first.write('after closing\n');
  const second = lineSink({ path, onRecovered: () => {} });
  second.write('two\n');
  expect(readFileSync(path, 'utf8')).toBe('one\ntwo\n');
  truncateSync(path);
  appendFileSync(path, 'from outside\n');
  second.write('three\n');
  second.close();
  expect(readFileSync(path, 'utf8')).toBe('from outside\nthree\n');
});

test('a path that cannot be opened is refused by name', () => {
  const path = temporaryPath('folder');
  mkdirSync(path);
  expect(() => lineSink({ path, onRecovered: () => {} })).toThrow(
    expect.objectContaining({ code: 'HF_LOG_DESTINATION', path, retryable: false }),
  );
});
