// npm start: the shop. Its options and its one-line errors are its own; see `npm start -- --help`.
import { prepare } from './lib/prepare.mjs';
import { foreground } from './lib/process.mjs';

/** @param {readonly string[]} args */
export async function main(args) {
  const node = await prepare();
  return foreground(node, ['examples/shop/dist/main.js', ...args]);
}
