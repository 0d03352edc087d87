/** Boxes and the lines between them, for every graph on the page. Pure. */

/** A box by its centre. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly boxes: ReadonlyMap<string, Box>;
}

/** Leaves and enters at top and bottom, bending to the horizontal in the middle. */
export function routeDown(from: Box, to: Box): string {
  const way = Math.sign(to.y - from.y);
  const startY = from.y + (way * from.height) / 2;
  const endY = to.y - (way * to.height) / 2;
  const middle = (startY + endY) / 2;
  return `M${from.x} ${startY}C${from.x} ${middle} ${to.x} ${middle} ${to.x} ${endY}`;
}

/** Leaves and enters at the sides that face each other. */
export function routeAcross(from: Box, to: Box): string {
  const way = Math.sign(to.x - from.x);
  const startX = from.x + (way * from.width) / 2;
  const endX = to.x - (way * to.width) / 2;
  const bend = Math.max(8, Math.abs(endX - startX) / 2);
  return `M${startX} ${from.y}C${startX + way * bend} ${from.y} ${endX - way * bend} ${to.y} ${endX} ${to.y}`;
}

/** Whether two boxes stand in the same column. */
export function sameColumn(a: Box, b: Box): boolean {
  return Math.abs(a.x - b.x) < a.width / 2;
}
