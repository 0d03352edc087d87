/** Chance that can be replayed: the virtual runtime and tests draw from here. */

/** Mulberry32 (Tommy Ettinger, 2017): 32 bits of state, uniform in [0, 1), good enough for simulation, not for secrets. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A version 4, variant 1 UUID (RFC 9562, section 5.4) from the given draws. */
export function uuidFrom(random: () => number): string {
  return 'xxxxxxxx-xxxx-4xxx-Nxxx-xxxxxxxxxxxx'.replace(/[xN]/g, (place) => {
    const nibble = Math.floor(random() * 16);
    return (place === 'x' ? nibble : (nibble & 0x3) | 0x8).toString(16);
  });
}
