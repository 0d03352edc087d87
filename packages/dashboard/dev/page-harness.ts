/** For page tests: the page built as it ships, a fake shop behind it, real Chromium before it. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type FakeShop, type FakeShopOptions, fakeShop } from './fake-shop.ts';

const CHROMIUM = process.env['CHROMIUM_PATH'] ?? '/usr/bin/chromium';

/** Why page tests cannot run here; undefined when they can. */
export const missingBrowser: string | undefined = existsSync(CHROMIUM)
  ? undefined
  : `no Chromium at ${CHROMIUM}; get it: apt-get install chromium, or set CHROMIUM_PATH`;

/** A title that says why its tests are skipped, if they are. */
export function pageSuite(title: string): string {
  return missingBrowser === undefined ? title : `${title} (skipped: ${missingBrowser})`;
}

export interface OpenPage {
  readonly page: Page;
  readonly shop: FakeShop;
  /** Errors of the page and its console, requests to other hosts: all that must stay empty. */
  readonly complaints: readonly string[];
}

export interface PageHarness extends AsyncDisposable {
  /** A fresh shop and a fresh page on it, with storage of its own. */
  open(shop?: Partial<FakeShopOptions>, context?: BrowserContextOptions): Promise<OpenPage>;
}

const BROWSER_ARGS = [
  ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
  ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
];

export async function pageHarness(): Promise<PageHarness> {
  const pageFolder = await mkdtemp(join(tmpdir(), 'holdfast-page-'));
  await buildPage(pageFolder);
  const browser: Browser = await chromium.launch({ executablePath: CHROMIUM, args: BROWSER_ARGS });
  const shops: FakeShop[] = [];
  return {
    open: async (options = {}, context = {}) => {
      const shop = await fakeShop({ pageFolder, ...options });
      shops.push(shop);
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 }, ...context });
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(`error: ${error.message}`));
      page.on('console', (message) => {
        if (message.type() === 'error' || message.type() === 'warning')
          complaints.push(`console: ${message.text()}`);
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(shop.url)) complaints.push(`foreign request: ${request.url()}`);
      });
      await page.goto(shop.url);
      await page.getByTestId('connection').getByText('Live', { exact: true }).first().waitFor();
      await page.getByLabel('Product').locator('option').first().waitFor({ state: 'attached' });
      return { page, shop, complaints };
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      for (const shop of shops) await shop[Symbol.asyncDispose]();
      await rm(pageFolder, { recursive: true, force: true });
    },
  };
}

/** By Vite's own command, as the shop's build does, and not by what the test runner has set its environment to. */
async function buildPage(outDir: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin', 'vite.js');
  const root = fileURLToPath(new URL('..', import.meta.url));
  const env = { ...process.env, NODE_ENV: 'production' };
  await promisify(execFile)(
    process.execPath,
    [vite, 'build', root, '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'],
    { env, cwd: root },
  );
}
