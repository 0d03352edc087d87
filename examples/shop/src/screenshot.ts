/** `npm run screenshot`: the README's picture, taken from the running shop in the middle of its troubles. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { shopClient } from './demo/client.ts';
import { NO_CHAOS } from './services/kit/chaos.ts';
import { startShop } from './supervisor/shop.ts';
import { launchBrowser } from './testing/browser.ts';

const PICTURE = fileURLToPath(new URL('../../../docs/assets/shop.png', import.meta.url));
/** Long enough for orders of every outcome and a circuit that opened. */
const STORY_MS = 14_000;

const dataFolder = mkdtempSync(join(tmpdir(), 'holdfast-picture-'));
{
  await using shop = await startShop({ dataFolder, port: 0, chaos: true });
  const client = shopClient(shop.url);
  await client.put('/api/chaos/payment', { ...NO_CHAOS, errorRatio: 0.1 });
  await client.put('/api/chaos/inventory', { ...NO_CHAOS, declineRatio: 0.15 });
  await client.put('/api/chaos/partner', { ...NO_CHAOS, hang: true });
  await client.put('/api/load', { ordersPerSecond: 2, searchesPerSecond: 2, seconds: 60 });
  await using browser = await launchBrowser();
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, colorScheme: 'light' });
  await page.goto(shop.url);
  await page.waitForTimeout(STORY_MS);
  const undone = page.getByTestId('order-row').filter({ hasText: 'Undone' }).first();
  await undone.click();
  await page.waitForTimeout(1_500);
  mkdirSync(dirname(PICTURE), { recursive: true });
  await page.screenshot({ path: PICTURE });
}
rmSync(dataFolder, { recursive: true, force: true });
process.stdout.write(`${PICTURE}\n`);
