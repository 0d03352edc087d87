import { expect, test } from 'vitest';
import { countFields, fleetWindow, presenceFields } from './fleet-window.ts';

const totals = (failures: number, more: Record<string, number> = {}) => ({ failures, ...more });

test('a first look takes what others did before as old, and its own as new', () => {
  const window = fleetWindow(1_000);
  window.observe(0, 0, totals(100), totals(3));
  expect(window.tally()).toMatchObject({ calls: 3, failures: 3 });
});

test('an epoch that was seen to begin has only new counts', () => {
  const window = fleetWindow(1_000);
  window.begin(4, 0);
  window.observe(4, 100, totals(7), totals(1));
  expect(window.tally().failures).toBe(7);
});

test('counts leave after the window', () => {
  const window = fleetWindow(1_000);
  window.begin(0, 0);
  for (const [atMs, failures] of [
    [0, 5],
    [500, 8],
    [1_000, 8],
    [1_400, 9],
  ] as const)
    window.observe(0, atMs, totals(failures), {});
  expect(window.tally().failures).toBe(4);
  window.observe(0, 1_500, totals(9), {});
  expect(window.tally().failures).toBe(1);
});

test('after a silence longer than the window it begins anew', () => {
  const window = fleetWindow(1_000);
  window.begin(0, 0);
  window.observe(0, 1_001, totals(50), totals(2));
  expect(window.tally().failures).toBe(2);
});

test('instances are told apart, one that fails is no more than one, and old presence leaves', () => {
  const window = fleetWindow(1_000);
  window.begin(0, 0);
  const [well, sick] = [presenceFields('a', false), presenceFields('b', true)];
  window.observe(0, 10, { ...well, ...sick }, well);
  const thrice = Object.fromEntries(Object.entries(sick).map(([field]) => [field, 3]));
  window.observe(0, 20, { ...well, ...thrice }, {});
  expect(window.tally()).toMatchObject({ instances: 2, failing: 1 });
  window.observe(0, 1_020, { ...well, ...thrice }, {});
  expect(window.tally()).toMatchObject({ instances: 0, failing: 0 });
});

test('any number of instances fits in a bounded number of fields', () => {
  const fields = new Set(
    Array.from({ length: 5_000 }, (_, index) =>
      Object.keys(presenceFields(`instance-${index}`, true)),
    ).flat(),
  );
  expect(fields.size).toBe(512);
});

test('late counts are kept apart, zeros are not sent', () => {
  expect(countFields({ successes: 1, failures: 0, slow: 2 }, false)).toEqual({ successes: 1, slow: 2 });
  expect(countFields({ successes: 0, failures: 4, slow: 0 }, true)).toEqual({ 'late.failures': 4 });
});
