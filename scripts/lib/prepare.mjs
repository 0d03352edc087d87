// What every command does first: install what is missing, choose the Node, build what is stale.
import { ensureBuilt } from './build.mjs';
import { ensureInstalled } from './install.mjs';
import { runtimeNode } from './runtime.mjs';

/**
 * @returns {Promise<string>} the Node to run with
 */
export async function prepare() {
  await ensureInstalled();
  const node = await runtimeNode();
  await ensureBuilt(node);
  return node;
}
