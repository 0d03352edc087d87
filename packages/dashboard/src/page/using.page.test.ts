/** What a person does on the page, in real Chromium on a fake shop: by keyboard alone, with mistakes, with second thoughts. */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingBrowser, type PageHarness, pageHarness, pageSuite } from '../../dev/page-harness.ts';

/** Presses Tab until the focus is where it should be; no control may be farther than this. */
const MAX_TABS = 30;

async function tabTo(page: Page, what: string): Promise<void> {
  for (let press = 0; press < MAX_TABS; press += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate(() => {
      const at = document.activeElement;
      const labels = at instanceof HTMLInputElement || at instanceof HTMLSelectElement ? at.labels : null;
      return at?.getAttribute('aria-label') ?? labels?.[0]?.textContent ?? at?.textContent ?? '';
    });
    if (name.trim() === what) return;
  }
  throw new Error(`no Tab reaches "${what}"`);
}

describe.skipIf(missingBrowser !== undefined)(pageSuite('using the page'), () => {
  let harness: PageHarness;
  beforeAll(async () => {
    harness = await pageHarness();
  });
  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
  });

  test('by keyboard alone: skip, order, choose from the list, change the theme', async () => {
    const { page, complaints } = await harness.open({ pastOrders: 12 });
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.textContent?.trim())).toBe('Skip to the orders');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    expect(await page.evaluate(() => document.documentElement.dataset['theme'])).toBe('dark');

    await tabTo(page, 'Product');
    await page.keyboard.press('ArrowDown');
    await tabTo(page, 'Quantity');
    await page.keyboard.press('ControlOrMeta+a');
    await page.keyboard.type('3');
    await page.keyboard.press('Enter');
    const summary = page.getByTestId('order-summary');
    await summary.getByText('3 × Linen floor lamp').waitFor();
    const placed = await summary.getAttribute('data-order-id');

    await tabTo(page, 'Orders, newest first');
    expect(await page.getByTestId('order-row').first().getAttribute('data-key')).toBe(placed);
    await page.keyboard.press('ArrowDown');
    const chosen = page
      .getByRole('listbox', { name: 'Orders, newest first' })
      .getByRole('option', { selected: true });
    const second = await page.getByTestId('order-row').nth(1).getAttribute('data-key');
    await expect.poll(() => chosen.getAttribute('data-key')).toBe(second);
    await page.keyboard.press('Home');
    await expect.poll(() => chosen.getAttribute('data-key')).toBe(placed);
    expect(complaints).toEqual([]);
  });

  test('a chosen theme outlives the visit and beats the system’s', async () => {
    const { page } = await harness.open({}, { colorScheme: 'dark' });
    const ground = (): Promise<string> =>
      page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    const dark = await ground();
    await page.getByRole('button', { name: 'Dark theme', pressed: true }).click();
    const light = await ground();
    expect(light).not.toBe(dark);
    await page.reload();
    expect(await ground()).toBe(light);
    await page.getByRole('button', { name: 'Dark theme', pressed: false }).waitFor();
  });

  test.each([
    ['order-form', 'Quantity', '101', 'Place order', /from 1 to 100 \(given: 101\)/],
    ['order-form', 'Quantity', '', 'Place order', /from 1 to 100/],
    ['search-form', 'Search', '  ', 'Search', /must not be empty/],
    ['load-form', 'Orders/s', '51', 'Start load', /from 0 to 50 \(given: 51\)/],
    ['load-form', 'Seconds', '-1', 'Start load', /from 0 to 600/],
  ])(
    '%s: %s of "%s" is refused at its field, and changes nothing',
    async (form, label, value, button, words) => {
      const { page, shop } = await harness.open();
      const area = page.getByTestId(form);
      const field = area.getByLabel(label);
      await field.fill(value);
      await area.getByRole('button', { name: button }).click();
      await area.getByText(words).waitFor();
      expect(await field.getAttribute('aria-invalid')).toBe('true');
      const describedBy = await field.getAttribute('aria-describedby');
      expect(await page.locator(`[id="${describedBy}"]`).textContent()).toMatch(words);
      await page.waitForFunction(
        (id) => document.activeElement?.getAttribute('aria-describedby') === id,
        describedBy,
      );
      expect([
        shop.world.orders(9).length,
        shop.world.searches(9).length - 3,
        shop.world.status(Date.now()).load.remainingSeconds,
      ]).toEqual([0, 0, 0]);

      await field.fill('2');
      await area.getByRole('button', { name: button }).click();
      await area.getByText(words).waitFor({ state: 'detached' });
    },
  );

  test('an order of two products is one order of two lines', async () => {
    const { page, shop } = await harness.open();
    await page.getByRole('button', { name: 'Add another product' }).click();
    await page.getByLabel('Quantity').nth(1).fill('4');
    await page.getByRole('button', { name: 'Place order' }).click();
    await page.getByTestId('order-row').first().waitFor();
    expect(
      shop.world.orders(9).map(({ lines }) => lines.map(({ productId, quantity }) => [productId, quantity])),
    ).toEqual([
      [
        ['p-00001', 1],
        ['p-00002', 4],
      ],
    ]);
  });

  test('pressing again after a lost answer sends the same idempotency key, and another order a new one', async () => {
    const { page, shop } = await harness.open();
    const keys: (string | undefined)[] = [];
    let lose = true;
    await page.route('**/api/orders', async (route) => {
      keys.push(route.request().headers()['idempotency-key']);
      if (lose) await route.abort('connectionreset');
      else await route.continue();
    });
    const button = page.getByRole('button', { name: 'Place order' });
    await button.click();
    await page.getByText('The shop did not answer').waitFor();
    lose = false;
    await button.click();
    await page.getByText('The shop did not answer').waitFor({ state: 'detached' });
    await button.click();
    await expect.poll(() => shop.world.orders(9).length).toBe(2);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);
    expect(keys[1]).toBe(keys[0]);
    expect(keys[2]).not.toBe(keys[0]);
  });

  test('a load runs, says what is left, and is stopped', async () => {
    const { page, shop } = await harness.open();
    const form = page.getByTestId('load-form');
    await form.getByLabel('Orders/s').fill('5');
    await form.getByRole('button', { name: 'Start load' }).click();
    await page
      .getByTestId('load-numbers')
      .getByText(/^\d+ s$/)
      .waitFor();
    await page.getByTestId('order-row').first().waitFor();
    await form.getByRole('button', { name: 'Stop load' }).click();
    await form.getByRole('button', { name: 'Start load' }).waitFor();
    expect(shop.world.status(Date.now()).load).toMatchObject({ ordersPerSecond: 0, remainingSeconds: 0 });
  });

  test('a crash is asked about first; Escape takes it back, the button means it', async () => {
    const { page, shop } = await harness.open();
    const crash = page.getByRole('button', { name: 'Crash payment' });
    const dialog = page.getByTestId('crash-dialog');
    const payment = (): readonly (readonly [boolean, number])[] =>
      shop.world
        .status(Date.now())
        .processes.filter(({ name }) => name === 'payment')
        .map(({ up, restarts }) => [up, restarts]);
    await crash.click();
    await dialog.getByText('Crash payment?').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    expect(payment()).toEqual([[true, 0]]);
    expect(await crash.evaluate((button) => button === document.activeElement)).toBe(true);

    await crash.click();
    await dialog.getByRole('button', { name: 'Crash payment' }).click();
    await dialog.waitFor({ state: 'detached' });
    const process = page.getByTestId('processes').locator('[data-process="payment"]');
    await process.getByText('down').waitFor();
    await page.getByTestId('health').getByText('payment is down').waitFor();
    await process.getByText('1 restart').waitFor();
    await process.getByText('up').waitFor();
  });

  test('a chaos switch takes effect, says so in words, and is refused at its field', async () => {
    const { page, shop } = await harness.open();
    const row = page.getByTestId('chaos').locator('[data-service="inventory"]');
    const errors = row.getByLabel('inventory: errors in percent');
    await errors.fill('15');
    await errors.press('Tab');
    await row.getByText('15 % errors').waitFor();
    await errors.fill('150');
    await errors.press('Tab');
    await row.getByText(/must be from 0 to 1/).waitFor();
    expect(await errors.getAttribute('aria-invalid')).toBe('true');
    expect(
      shop.world.chaos().services.find(({ service }) => service === 'inventory')?.settings?.errorRatio,
    ).toBe(0.15);
    await row.getByLabel('inventory: hang').click();
    await row.getByText('never answers').waitFor();
    await row.getByRole('button', { name: 'Calm inventory' }).click();
    await row.getByText('critical').waitFor();
  });

  test('without chaos the page says how to get it', async () => {
    const { page } = await harness.open({ chaosEnabled: false });
    await page.getByText('npm start').waitFor();
    expect(await page.getByTestId('chaos').count()).toBe(0);
  });
});
