// npm run demo: a seeded run of the shop under failures, which fails when anything was lost.
import { prepare } from './lib/prepare.mjs';
import { foreground } from './lib/process.mjs';

/** @param {readonly string[]} args */
export async function main(args) {
  const node = await prepare();
  return foreground(node, ['examples/shop/dist/demo.js', ...args]);
}
