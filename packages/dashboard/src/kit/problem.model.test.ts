import { expect, test } from 'vitest';
import type { Problem } from '../contract.ts';
import type { Answer } from '../live/api.ts';
import { type FormFaults, faultsOf } from './problem.model.ts';

const problem = (errors?: Problem['errors']): Answer<unknown> => ({
  kind: 'refused',
  problem: {
    ...{
      type: 'urn:x',
      title: 'The request is not valid',
      status: 400,
      detail: 'why',
      code: 'HF_X',
      correlationId: 'c',
    },
    ...(errors === undefined ? {} : { errors }),
  },
});
const quantity = { pointer: '/lines/0/quantity', detail: 'must be 1 or more' };

test.each<[why: string, answer: Answer<unknown>, faults: FormFaults]>([
  ['success', { kind: 'ok', value: 1 }, { byField: {}, rest: undefined }],
  [
    'a fault at its field',
    problem([quantity]),
    { byField: { '/lines/0/quantity': 'must be 1 or more' }, rest: undefined },
  ],
  [
    'the first of two faults of one field',
    problem([quantity, { ...quantity, detail: 'must be whole' }]),
    { byField: { '/lines/0/quantity': 'must be 1 or more' }, rest: undefined },
  ],
  [
    'a fault that no field shows',
    problem([quantity, { pointer: '/headers/idempotency-key', detail: 'was used' }]),
    { byField: { '/lines/0/quantity': 'must be 1 or more' }, rest: '/headers/idempotency-key: was used' },
  ],
  ['a problem without fields', problem(), { byField: {}, rest: 'The request is not valid: why' }],
  [
    'no answer',
    { kind: 'unreachable', detail: 'Failed to fetch' },
    { byField: {}, rest: 'The shop did not answer: Failed to fetch. Press again.' },
  ],
])('%s', (_why, answer, faults) => {
  expect(faultsOf(answer, ['/customerId', '/lines/0/quantity'], 'Press again.')).toEqual(faults);
});
