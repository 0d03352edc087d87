/** Sums by key whose differences are added up as amounts, so that one error can never hide another. Pure. */

export type Sums = ReadonlyMap<string, number>;

export function sumBy<T>(items: readonly T[], key: (item: T) => string, amount: (item: T) => number): Sums {
  const sums = new Map<string, number>();
  for (const item of items) sums.set(key(item), (sums.get(key(item)) ?? 0) + amount(item));
  return sums;
}

/** Σ over every key of either side of |a − b|; an absent key counts 0. */
export function differences(a: Sums, b: Sums): number {
  const keys = new Set([...a.keys(), ...b.keys()]);
  return [...keys].reduce((sum, key) => sum + Math.abs((a.get(key) ?? 0) - (b.get(key) ?? 0)), 0);
}

export function total(sums: Sums): number {
  return [...sums.values()].reduce((sum, amount) => sum + amount, 0);
}

/** Items beyond the first of each key. */
export function repeats<T>(items: readonly T[], key: (item: T) => string): number {
  return items.length - new Set(items.map(key)).size;
}
