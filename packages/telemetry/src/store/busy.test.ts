import { expect, test } from 'vitest';
import { isBusy } from './busy.ts';

const sqliteError = (errcode: unknown) => Object.assign(new Error('database is locked'), { errcode });

test.each([
  { name: 'SQLITE_BUSY', error: sqliteError(5), busy: true },
  { name: 'SQLITE_LOCKED', error: sqliteError(6), busy: true },
  { name: 'SQLITE_BUSY_RECOVERY', error: sqliteError(5 + 256), busy: true },
  { name: 'SQLITE_LOCKED_SHAREDCACHE', error: sqliteError(6 + 256), busy: true },
  { name: 'SQLITE_READONLY', error: sqliteError(8), busy: false },
  { name: 'SQLITE_FULL', error: sqliteError(13), busy: false },
  { name: 'a code that is no number', error: sqliteError('5'), busy: false },
  { name: 'another error', error: new Error('database is locked'), busy: false },
  { name: 'no error', error: { errcode: 5 }, busy: false },
])('$name', ({ error, busy }) => {
  expect(isBusy(error)).toBe(busy);
});
