/**
 * Chance for the interpreter, drawn from a seed that the executor chose and journaled: replaying the journal
 * draws the same numbers again. sfc32 (Chris Doty-Humphrey, PractRand) over an FNV-1a hash of the seed.
 */

export interface Random {
  /** In [0, 1), 32 bits of chance. */
  next(): number;
  /** A version 4 UUID made of four draws. */
  uuid(): string;
}

export function seededRandom(seed: string): Random {
  let [a, b, c, counter] = [hash(`${seed}a`), hash(`${seed}b`), hash(`${seed}c`), 1];
  const draw = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 12; round += 1) draw();
  return { next: () => draw() / 2 ** 32, uuid: () => toUuid([draw(), draw(), draw(), draw()]) };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193);
  return value | 0;
}

function toUuid(words: readonly number[]): string {
  const hex = words.map((word) => word.toString(16).padStart(8, '0')).join('');
  const variant = ((Number.parseInt(hex[16] ?? '0', 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
