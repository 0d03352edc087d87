// npm run build: every package and the page, when stale.
import { prepare } from './lib/prepare.mjs';

export async function main() {
  await prepare();
  return 0;
}
