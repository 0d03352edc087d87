/** The demonstration as a script calls it: exactly one JSON object, and an exit code that means it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { type DemoResult, nothingLost } from './demo/demo.ts';

const DEMO = fileURLToPath(new URL('../dist/demo.js', import.meta.url));

test('a small run under kills loses nothing and says so in one JSON object', {
  timeout: 180_000,
}, async () => {
  const { code, out } = await new Promise<{ code: unknown; out: string }>((resolve) => {
    const args = [DEMO, '--json', '--seed', '7', '--orders', '40', '--kills', '3', '--searches', '20'];
    execFile(process.execPath, args, (error, stdout) =>
      resolve({ code: error === null ? 0 : error.code, out: stdout }),
    );
  });
  const result: DemoResult = JSON.parse(out);
  expect(result).toEqual({
    orders: { confirmed: expect.any(Number), undone: 40 - result.orders.confirmed, open: 0 },
    balanceDifference: { money: 0, stock: 0 },
    duplicatedEffects: 0,
    // How late depends on what else runs on this machine; the exit code must say it all the same.
    searches: {
      ...{ total: 20, late: expect.any(Number), partial: expect.any(Number) },
      ...{ deadlineMs: 400, slackMs: 150, slowestMs: expect.any(Number), unanswered: expect.any(Number) },
    },
    ...{ breakerTransitions: expect.any(Number), kills: 3, seconds: expect.any(Number), disagreements: 0 },
  });
  // The partner hung, so no search can have been complete; and both ends of an order were seen.
  expect(result.searches.partial).toBe(20);
  expect(result.orders.confirmed).toBeGreaterThan(0);
  expect(code).toBe(nothingLost(result, 40) ? 0 : 1);
});

const good: DemoResult = {
  orders: { confirmed: 8, undone: 2, open: 0 },
  balanceDifference: { money: 0, stock: 0 },
  duplicatedEffects: 0,
  searches: { total: 5, late: 0, partial: 5, deadlineMs: 400, slackMs: 150, slowestMs: 410, unanswered: 0 },
  ...{ breakerTransitions: 1, kills: 2, seconds: 3, disagreements: 0 },
};

test.each<[why: string, result: DemoResult, verdict: boolean]>([
  ['nothing lost', good, true],
  ['an order missing', { ...good, orders: { confirmed: 7, undone: 2, open: 0 } }, false],
  ['an order open', { ...good, orders: { confirmed: 7, undone: 2, open: 1 } }, false],
  ['money off', { ...good, balanceDifference: { money: 1, stock: 0 } }, false],
  ['stock off', { ...good, balanceDifference: { money: 0, stock: 1 } }, false],
  ['an effect doubled', { ...good, duplicatedEffects: 1 }, false],
  ['a search late', { ...good, searches: { ...good.searches, late: 1 } }, false],
  ['searches that find nothing', { ...good, searches: { ...good.searches, unanswered: 5 } }, false],
  ['the client told otherwise than the books', { ...good, disagreements: 1 }, false],
])('%s', (_why, result, verdict) => {
  expect(nothingLost(result, 10)).toBe(verdict);
});
