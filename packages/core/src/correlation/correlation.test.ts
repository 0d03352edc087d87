import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { virtualRuntime } from '../ports/virtual-runtime.ts';
import { correlationFromHeaders, correlationHeaders } from './correlation.ts';
import { formatTraceparent, parseTraceparent } from './traceparent.ts';

const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
const span = '00f067aa0ba902b7';
const valid = `00-${trace}-${span}-01`;

describe('traceparent', () => {
  test.each([
    { name: 'the example of the Recommendation', header: valid, sampled: true },
    { name: 'not sampled', header: `00-${trace}-${span}-00`, sampled: false },
    { name: 'unknown flags', header: `00-${trace}-${span}-fe`, sampled: false },
    { name: 'a later version', header: `cc-${trace}-${span}-01`, sampled: true },
    {
      name: 'a later version with more fields',
      header: `cc-${trace}-${span}-01-what-the-future`,
      sampled: true,
    },
    { name: 'space around it', header: ` ${valid}\t`, sampled: true },
  ])('reads $name', ({ header, sampled }) => {
    expect(parseTraceparent(header)).toEqual({ traceId: trace, parentId: span, sampled });
  });

  test.each([
    { name: 'nothing', header: '' },
    { name: 'version ff', header: `ff-${trace}-${span}-01` },
    { name: 'more fields in version 00', header: `${valid}-more` },
    { name: 'a later version run together with more', header: `cc-${trace}-${span}-01.more` },
    { name: 'capitals', header: valid.toUpperCase() },
    { name: 'an all-zero trace', header: `00-${'0'.repeat(32)}-${span}-01` },
    { name: 'an all-zero span', header: `00-${trace}-${'0'.repeat(16)}-01` },
    { name: 'a short trace', header: `00-${trace.slice(1)}-${span}-01` },
    { name: 'one flag digit', header: `00-${trace}-${span}-1` },
    { name: 'endless rest', header: `cc-${trace}-${span}-01-${'x'.repeat(500)}` },
  ])('refuses $name', ({ header }) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });

  test('reads what it writes', () => {
    const hex = (length: number) =>
      fc
        .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
        .map((digits) => digits.join(''))
        .filter((digits) => !/^0+$/.test(digits));
    fc.assert(
      fc.property(
        fc.record({ traceId: hex(32), parentId: hex(16), sampled: fc.boolean() }),
        (traceparent) => {
          expect(parseTraceparent(formatTraceparent(traceparent))).toEqual(traceparent);
        },
      ),
    );
  });
});

describe('correlation', () => {
  const fresh = virtualRuntime({ seed: 4 }).uuid();
  const read = (headers: Parameters<typeof correlationFromHeaders>[0]) =>
    correlationFromHeaders(headers, virtualRuntime({ seed: 4 }));

  test.each([
    {
      name: 'takes both',
      headers: { 'x-correlation-id': 'order-1', traceparent: valid },
      id: 'order-1',
      traceparent: valid,
    },
    { name: 'does not mind the case of names', headers: { 'X-Correlation-Id': 'order-1' }, id: 'order-1' },
    { name: 'makes an id when there is none', headers: {}, id: fresh },
    { name: 'replaces an id with a line break', headers: { 'x-correlation-id': 'a\nb' }, id: fresh },
    { name: 'replaces an id that is too long', headers: { 'x-correlation-id': 'a'.repeat(129) }, id: fresh },
    { name: 'replaces an id sent twice', headers: { 'x-correlation-id': ['a', 'b'] }, id: fresh },
    {
      name: 'drops a traceparent sent twice',
      headers: { 'x-correlation-id': 'a', traceparent: [valid, valid] },
      id: 'a',
    },
    {
      name: 'drops an invalid traceparent',
      headers: { 'x-correlation-id': 'a', traceparent: 'nonsense' },
      id: 'a',
    },
    {
      name: 'reads fetch headers',
      headers: new Headers({ 'x-correlation-id': 'f', traceparent: valid }),
      id: 'f',
      traceparent: valid,
    },
  ])('$name', ({ headers, id, traceparent }) => {
    expect(read(headers)).toEqual({ id, ...(traceparent && { traceparent }) });
  });

  test('survives a hop', () => {
    const correlation = { id: 'order-1', traceparent: valid };
    expect(read(correlationHeaders(correlation))).toEqual(correlation);
    expect(correlationHeaders({ id: 'order-1' })).toEqual({ 'x-correlation-id': 'order-1' });
  });
});
