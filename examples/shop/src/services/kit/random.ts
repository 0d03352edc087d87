/**
 * Seeded chance: the catalogue, the latencies and the chaos of a service are the same for the same
 * seed, so that a run can be repeated. Not for secrets.
 */

/** Draws a number in [0, 1). */
export type Random = () => number;

/**
 * Generator for one purpose. The same `seed` and `purpose` give the same sequence on every machine.
 * Mulberry32 (Tommy Ettinger), period 2³²; ample for simulation.
 */
export function seededRandom(seed: number, purpose: string): Random {
  let state = hash32(`${seed}:${purpose}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A number in [0, 1) that depends on `text` alone: for decisions that must fall alike at every attempt. */
export function chanceOf(text: string): number {
  return seededRandom(0, text)();
}

/** Whole number in [low, high], both included. */
export function between(random: Random, low: number, high: number): number {
  return low + Math.floor(random() * (high - low + 1));
}

/** One of `items`, which must not be empty. */
export function pick<T>(random: Random, items: readonly T[]): T {
  const item = items[Math.floor(random() * items.length)];
  if (item === undefined) throw new RangeError('cannot pick from an empty list');
  return item;
}

/** Standard normal by Box and Muller (1958), using one of the two values. */
export function normal(random: Random): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random()));
  return radius * Math.cos(2 * Math.PI * random());
}

/** A shuffled copy: sorted by a random key each. */
export function shuffled<T>(random: Random, items: readonly T[]): T[] {
  const keyed = items.map((item) => ({ item, at: random() }));
  return keyed.sort((a, b) => a.at - b.at).map(({ item }) => item);
}

/** FNV-1a, 32 bits. */
function hash32(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
