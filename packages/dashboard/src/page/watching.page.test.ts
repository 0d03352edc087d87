/** What a person sees on the page: orders as they live, circuits, searches, and what happens when the stream is lost. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingBrowser, type PageHarness, pageHarness, pageSuite } from '../../dev/page-harness.ts';
import { CHOICES } from '../../dev/simulation/catalogue.ts';
import type { Fate } from '../../dev/simulation/orders.ts';
import { NO_CHAOS, type World } from '../../dev/simulation/world.ts';
import type { OrderView } from '../contract.ts';

const SMOOTH: Fate = { failure: 'refused', stumbles: {} };

function place(world: World, fate: Fate = SMOOTH, agoMs = 0): OrderView {
  const [product] = CHOICES.products;
  const lines = [{ productId: product?.productId ?? '', quantity: 1 }];
  return world.place({ customerId: 'c-1001', lines }, Date.now() - agoMs, fate);
}

describe.skipIf(missingBrowser !== undefined)(pageSuite('watching the page'), () => {
  let harness: PageHarness;
  beforeAll(async () => {
    harness = await pageHarness();
  });
  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
  });

  test.each<
    [
      why: string,
      fate: Fate,
      status: string,
      visited: readonly string[],
      ways: readonly string[],
      words: readonly RegExp[],
    ]
  >([
    [
      'confirmed, after a second attempt',
      { failure: 'refused', stumbles: { ReservePayment: 1 } },
      'Confirmed',
      [
        'ReservePayment',
        'ReserveInventory',
        'CreateShipping',
        'ConfirmOrder',
        'AnnounceOrder',
        'RecordHistory',
        'RecordAnalytics',
        'OrderConfirmed',
      ],
      ['ReservePayment ReserveInventory', 'AnnounceOrder OrderConfirmed'],
      [/Reserve payment done, at attempt 2/, /Order confirmed the end/],
    ],
    [
      'undone in reverse, the unknown outcome too',
      { failAt: 'CreateShipping', failure: 'unknown', stumbles: {} },
      'Undone',
      [
        'ReservePayment',
        'ReserveInventory',
        'CreateShipping',
        'CancelShipping',
        'ReleaseInventory',
        'ReleasePayment',
        'OrderUndone',
      ],
      ['CreateShipping CancelShipping', 'CancelShipping ReleaseInventory', 'ReleaseInventory ReleasePayment'],
      [
        /Create shipping failed after 4 attempts/,
        /States\.Timeout/,
        /Cancel shipping undone[\s\S]*Release inventory undone[\s\S]*Release payment undone/,
      ],
    ],
    [
      'stuck',
      { failAt: 'ReserveInventory', failure: 'unknown', stumbles: {}, stuckAt: 'ReleaseInventory' },
      'Needs a person',
      ['ReservePayment', 'ReserveInventory', 'ReleaseInventory', 'OrderStuck'],
      ['ReserveInventory ReleaseInventory', 'ReleaseInventory OrderStuck'],
      [/Release inventory failed after 4 attempts/, /Order stuck the end/],
    ],
  ])('an order %s: the drawing and the words agree', async (_why, fate, status, visited, ways, words) => {
    const { page, shop, complaints } = await harness.open();
    place(shop.world, fate, 60_000);
    await page.getByTestId('order-row').getByText(status).waitFor();
    const graph = page.getByTestId('saga-graph');
    const seen = await graph
      .locator('[data-visited="true"]')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-state')));
    expect(seen.sort()).toEqual([...visited].sort());
    const taken = await graph
      .locator('[data-taken="true"]')
      .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-edge')));
    expect(taken).toEqual(expect.arrayContaining([...ways]));
    const story = (await page.getByTestId('timeline').locator('li').allInnerTexts())
      .join('\n')
      .replaceAll(/\s+/g, ' ');
    for (const word of words) expect(story).toMatch(word);
    await page.getByTestId('spans').first().getByText('engine').waitFor();
    expect(complaints).toEqual([]);
  });

  test('a choice survives updates, and even leaving the last 200', async () => {
    const { page, shop } = await harness.open({ pastOrders: 5 });
    const chosen = await page.getByTestId('order-row').nth(2).getAttribute('data-key');
    await page.getByTestId('order-row').nth(2).click();
    for (let index = 0; index < 4; index += 1) place(shop.world);
    await expect.poll(() => page.getByTestId('order-row').count()).toBe(9);
    expect(
      await page
        .getByRole('listbox', { name: 'Orders, newest first' })
        .getByRole('option', { selected: true })
        .getAttribute('data-key'),
    ).toBe(chosen);
    for (let index = 0; index < 210; index += 1) place(shop.world, SMOOTH, 20_000);
    await expect.poll(() => page.getByTestId('order-row').count()).toBe(200);
    await expect.poll(() => page.locator(`[data-key="${chosen}"]`).count()).toBe(0);
    expect(await page.getByTestId('order-summary').getAttribute('data-order-id')).toBe(chosen);
    await page.getByRole('button', { name: 'Follow newest' }).first().click();
    await expect.poll(() => page.getByTestId('order-summary').getAttribute('data-order-id')).not.toBe(chosen);
  });

  test('a lost stream is said, tried again, and what was missed is read', async () => {
    const { page, shop } = await harness.open({ pastOrders: 3 });
    await page.getByTestId('order-row').nth(2).waitFor();
    shop.dropStreams(1_500);
    await page
      .getByTestId('connection')
      .getByText(/Reconnecting in \d+ s/)
      .waitFor();
    await page.getByTestId('health').getByText('No word from the shop since').waitFor();
    const missed = place(shop.world);
    await page.getByTestId('connection').getByText('Live', { exact: true }).first().waitFor();
    await page.locator(`[data-testid="order-row"][data-key="${missed.orderId}"]`).waitFor();
    await page.getByTestId('health').getByText('No word from the shop since').waitFor({ state: 'detached' });
  });

  test('a shop that does not know its products yet is asked again', async () => {
    const { page } = await harness.open();
    let answers = 0;
    await page.route('**/api/choices', (route) => {
      answers += 1;
      if (answers > 1) return route.continue();
      return route.fulfill({ status: 503, contentType: 'application/problem+json', body: '{}' });
    });
    await page.reload();
    await page.getByLabel('Product').locator('option').first().waitFor({ state: 'attached' });
    expect(answers).toBe(2);
  });

  test('a person who does not want to wait reconnects at once', async () => {
    const { page, shop } = await harness.open();
    shop.dropStreams(60_000);
    const waits = page.getByTestId('connection').getByText(/Reconnecting in ([4-9]|1\d) s/);
    await waits.waitFor({ timeout: 15_000 });
    shop.dropStreams(0);
    await page.getByRole('button', { name: 'Reconnect now' }).click();
    await page
      .getByTestId('connection')
      .getByText('Live', { exact: true })
      .first()
      .waitFor({ timeout: 2_000 });
  });

  test('a circuit that opens is seen, counts down, and tells each worker’s view', async () => {
    const { page, shop } = await harness.open({ lively: true });
    shop.world.setChaos('shipping', { ...NO_CHAOS, errorRatio: 1 });
    shop.world.setLoad({ ordersPerSecond: 10, searchesPerSecond: 0, seconds: 60 }, Date.now());
    const row = page.getByTestId('breakers').locator('[data-dependency="shipping"]');
    await row.getByText('open', { exact: true }).waitFor({ timeout: 15_000 });
    await row.getByText(/probe in \d+ s/).waitFor();
    await row.getByRole('button').click();
    for (const worker of ['worker-1', 'worker-2']) await row.getByText(worker).waitFor();
    await row
      .getByText(/decided by the fleet · epoch \d/)
      .first()
      .waitFor();
    await page.getByTestId('health').getByText('Open circuit to shipping').waitFor();
    await page.locator('.transitions').getByText('shipping').first().waitFor();
  });

  test('a search with a hanging partner shows what came before the line, and what did not', async () => {
    const { page, shop } = await harness.open();
    shop.world.setChaos('partner', { ...NO_CHAOS, hang: true });
    await page.getByTestId('search-form').getByRole('searchbox').fill('kettle');
    await page.getByTestId('search-form').getByRole('button', { name: 'Search' }).click();
    const waterfall = page.getByTestId('search-waterfall');
    await waterfall.locator('[data-source="partner"]').getByText('missing').waitFor();
    expect(
      await waterfall
        .locator('[data-source]')
        .evaluateAll((sources) => sources.map((source) => source.getAttribute('data-source'))),
    ).toEqual(['products', 'history', 'recommendations', 'partner']);
    await waterfall.getByText(/of 4 sources complete/).waitFor();
    await page.getByTestId('search-results').getByText('Enamel kettle').waitFor();
  });

  test('bulkheads and map are there, in figures too', async () => {
    const { page, shop } = await harness.open({ lively: true });
    shop.world.setLoad({ ordersPerSecond: 4, searchesPerSecond: 4, seconds: 60 }, Date.now());
    const critical = page
      .getByTestId('bulkheads')
      .getByRole('button', { name: /^critical \d+\s?\/64 in use/ });
    await critical.click();
    await page
      .getByTestId('bulkheads')
      .getByText(/worker-2/)
      .waitFor();
    await page
      .getByTestId('service-map')
      .locator('[data-service="payment"]')
      .getByText(/healthy/)
      .waitFor();
    await page.getByText('The same in figures').click();
    await page.getByRole('row', { name: /worker payment/ }).waitFor();
  });
});
