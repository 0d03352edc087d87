// npm run screenshot: the README's picture, taken from the running shop.
import { prepare } from './lib/prepare.mjs';
import { foreground } from './lib/process.mjs';

/** @param {readonly string[]} args */
export async function main(args) {
  const node = await prepare();
  return foreground(node, ['examples/shop/dist/screenshot.js', ...args]);
}
