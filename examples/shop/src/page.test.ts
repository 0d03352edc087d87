/** The page on the real shop, in real Chromium: what a person would do and see. */
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { shopClient } from './demo/client.ts';
import { NO_CHAOS } from './services/kit/chaos.ts';
import { launchBrowser, missingBrowser } from './testing/browser.ts';
import { type RunningShop, runningShop } from './testing/running-shop.fixture.ts';

/** Runs in the page, where axe-core has put itself. */
const AXE_RUN = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`;
const suffix = missingBrowser === undefined ? '' : ` (skipped: ${missingBrowser})`;

describe.skipIf(missingBrowser !== undefined)(
  `the page on the real shop${suffix}`,
  { timeout: 60_000 },
  () => {
    let shop: RunningShop;
    let browser: Browser;
    let page: Page;
    const complaints: string[] = [];

    beforeAll(async () => {
      shop = await runningShop({ latencyScale: 1 });
      browser = await launchBrowser();
      page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(shop.url);
      await page.getByTestId('order-form').waitFor();
    }, 90_000);
    afterAll(async () => {
      await browser?.close();
      await shop?.[Symbol.asyncDispose]();
    });

    test('an order placed by keyboard is watched until it is confirmed', async () => {
      await page.getByLabel('Product').locator('option').first().waitFor({ state: 'attached' });
      await page.getByLabel('Quantity').focus();
      await page.keyboard.type('2');
      await page.keyboard.press('Enter');
      const row = page.getByTestId('order-row').first();
      await row.getByText('Confirmed').waitFor();
      expect(await page.getByText('Create shipping').count()).toBeGreaterThan(0);
    });

    test('a quantity that the shop refuses is told at its field', async () => {
      await page.getByLabel('Quantity').fill('101');
      await page.getByRole('button', { name: 'Place order' }).click();
      const message = page.getByTestId('order-form').getByText(/100/);
      await message.first().waitFor();
      await page.getByLabel('Quantity').fill('1');
    });

    test('an order that inventory refuses shows the failed step and the compensation that ran', async () => {
      const client = shopClient(shop.url);
      await client.put('/api/chaos/inventory', { ...NO_CHAOS, declineRatio: 1 });
      await page.getByRole('button', { name: 'Place order' }).click();
      await page.getByTestId('order-row').first().getByText('Undone').waitFor();
      await client.put('/api/chaos/inventory', NO_CHAOS);
      await page.getByTestId('order-row').first().click();
      await page.getByText('InsufficientStock').first().waitFor();
      expect(await page.getByText('Release payment').count()).toBeGreaterThan(0);
    });

    test('a search with a hanging partner is drawn with what came', async () => {
      const client = shopClient(shop.url);
      await client.put('/api/chaos/partner', { ...NO_CHAOS, hang: true });
      await page.getByTestId('search-form').getByRole('searchbox').fill('kettle');
      await page.getByTestId('search-form').getByRole('button', { name: 'Search' }).click();
      await page
        .getByTestId('search-waterfall')
        .getByText(/missing|fallback/)
        .first()
        .waitFor();
      await client.put('/api/chaos/partner', NO_CHAOS);
    });

    test('a service that only fails opens its circuit in front of the viewer', async () => {
      const client = shopClient(shop.url);
      await client.put('/api/chaos/shipping', { ...NO_CHAOS, errorRatio: 1 });
      await client.put('/api/load', { ordersPerSecond: 8, searchesPerSecond: 0, seconds: 10 });
      const shipping = page
        .getByTestId('breakers')
        .getByRole('listitem')
        .filter({ hasText: /^shipping/ });
      await shipping.getByText('open', { exact: true }).first().waitFor({ timeout: 20_000 });
      await client.put('/api/chaos/shipping', NO_CHAOS);
    });

    test.each(['light', 'dark'] as const)('real data passes axe in the %s scheme', async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      await page.evaluate(axe.source);
      const found = await page.evaluate<readonly string[]>(AXE_RUN);
      expect(found).toEqual([]);
    });

    test.each([1280, 390])('at %i pixels nothing runs out of the page', async (width) => {
      await page.setViewportSize({ width, height: 844 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect(overflow).toBe(0);
    });

    test('nothing was refused by the content security policy and no script failed', () => {
      expect(complaints.filter((text) => !/status of 4\d\d/.test(text))).toEqual([]);
    });
  },
);
