/** Where a key takes the selection in a list. Pure. */

const PAGE = 10;

/** @returns the new index, or undefined when the key is not the list's business */
export function moved(key: string, from: number, length: number): number | undefined {
  if (length === 0) return undefined;
  const clamp = (index: number): number => Math.max(0, Math.min(length - 1, index));
  switch (key) {
    case 'ArrowDown':
      return clamp(from + 1);
    case 'ArrowUp':
      return from < 0 ? 0 : clamp(from - 1);
    case 'PageDown':
      return clamp(from + PAGE);
    case 'PageUp':
      return clamp(from - PAGE);
    case 'Home':
      return 0;
    case 'End':
      return length - 1;
    default:
      return undefined;
  }
}
