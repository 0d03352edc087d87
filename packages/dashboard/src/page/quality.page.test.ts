/** What must hold whatever is shown: accessible in both themes, no sideways scrolling, no jumps, light on the machine. */
import axe from 'axe-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingBrowser, type PageHarness, pageHarness, pageSuite } from '../../dev/page-harness.ts';
import { CHOICES } from '../../dev/simulation/catalogue.ts';
import { NO_CHAOS } from '../../dev/simulation/world.ts';

/** Runs in the page, where axe-core has put itself. */
const AXE_RUN = `axe.run().then(({ violations }) =>
  violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`;

describe.skipIf(missingBrowser !== undefined)(pageSuite('the quality of the page'), () => {
  let harness: PageHarness;
  beforeAll(async () => {
    harness = await pageHarness();
  });
  afterAll(async () => {
    await harness[Symbol.asyncDispose]();
  });

  test.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
    ['dark', 390],
  ] as const)(
    'axe finds nothing in the %s theme at %d pixels, with everything opened',
    async (colorScheme, width) => {
      const viewport = { width, height: 844 };
      const { page, shop } = await harness.open({ lively: true, pastOrders: 30 }, { colorScheme, viewport });
      shop.world.setChaos('partner', { ...NO_CHAOS, hang: true });
      const partner = page.getByTestId('breakers').locator('[data-dependency="partner"][data-state="open"]');
      await partner.waitFor({ timeout: 15_000 });
      for (const list of ['breakers', 'bulkheads']) {
        for (const row of await page.getByTestId(list).getByRole('button').all()) await row.click();
      }
      await page.getByLabel('Quantity').fill('0');
      await page.getByRole('button', { name: 'Place order' }).click();
      await page
        .getByTestId('order-form')
        .getByText(/from 1 to 100/)
        .waitFor();
      await page.evaluate(axe.source);
      expect(await page.evaluate<readonly string[]>(AXE_RUN)).toEqual([]);
      await page.getByRole('button', { name: 'Crash payment' }).click();
      expect(await page.evaluate<readonly string[]>(AXE_RUN)).toEqual([]);
    },
  );

  test('nothing runs out of the page, however wide it is', async () => {
    const { page, shop } = await harness.open({ pastOrders: 30 });
    shop.world.search('garden chair with a very long name that no column has room for', Date.now());
    await page.getByTestId('search-row').nth(3).waitFor();
    for (const row of await page.getByTestId('breakers').getByRole('button').all()) await row.click();
    for (const width of [1728, 1280, 1100, 1099, 800, 640, 639, 390, 320]) {
      await page.setViewportSize({ width, height: 844 });
      const overflow = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      expect([width, overflow]).toEqual([width, 0]);
    }
  });

  test('the first screen holds the whole story', async () => {
    const { page } = await harness.open({ lively: true, pastOrders: 30 });
    const story = ['health', 'order-form', 'saga-graph', 'breakers', 'bulkheads', 'search-waterfall'];
    for (const instrument of story) {
      const box = await page.getByTestId(instrument).boundingBox();
      expect([instrument, (box?.y ?? 9_999) + (box?.height ?? 0) <= 800]).toEqual([instrument, true]);
    }
  });

  test('a running shop never makes the page jump', async () => {
    const { page, shop } = await harness.open({ lively: true, pastOrders: 30 });
    await page.getByTestId('order-row').nth(3).click();
    await page.getByTestId('spans').first().getByText('engine').waitFor();
    await page.evaluate(() => {
      type Shift = { readonly node?: Node; readonly previousRect: DOMRect; readonly currentRect: DOMRect };
      const shifts: string[] = [];
      Object.assign(window, { shifts });
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) {
          const sources: readonly Shift[] = Reflect.get(entry, 'sources');
          for (const { node, previousRect, currentRect } of sources) {
            const element = node instanceof Element ? node : node?.parentElement;
            // A number may grow to the left in its slot, and rows come in at the top of their lists; nothing else moves.
            const moved = Math.abs(previousRect.y - currentRect.y) > 1;
            if (!moved || element?.closest('.listbox, .transitions') !== null) continue;
            shifts.push(`${element.tagName}.${element.getAttribute('class')} ${element.textContent}`);
          }
        }
      }).observe({ type: 'layout-shift' });
    });
    shop.world.setLoad({ ordersPerSecond: 20, searchesPerSecond: 5, seconds: 60 }, Date.now());
    await expect.poll(() => page.getByTestId('order-row').count(), { timeout: 15_000 }).toBeGreaterThan(90);
    expect(await page.evaluate('shifts')).toEqual([]);
  });

  test('under a wall of 200 orders the keys still answer', async () => {
    const { page, shop } = await harness.open();
    const [product] = CHOICES.products;
    const request = { customerId: 'c-1001', lines: [{ productId: product?.productId ?? '', quantity: 1 }] };
    for (let index = 0; index < 260; index += 1) shop.world.place(request, Date.now());
    await expect.poll(() => page.getByTestId('order-row').count()).toBe(200);
    await page.getByRole('listbox', { name: 'Orders, newest first' }).focus();
    const waits: number[] = [];
    for (let press = 0; press < 15; press += 1) {
      waits.push(
        await page.evaluate(async () => {
          const list = document.activeElement;
          const before = list?.getAttribute('aria-activedescendant');
          const startedAt = performance.now();
          list?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
          while (list?.getAttribute('aria-activedescendant') === before) {
            await new Promise(requestAnimationFrame);
          }
          return performance.now() - startedAt;
        }),
      );
    }
    const median = waits.toSorted((a, b) => a - b)[7] ?? Number.NaN;
    expect(median).toBeLessThan(100);
  });

  test('an open page costs little: its main thread sleeps nearly all the time', async () => {
    const { page } = await harness.open({ lively: true, pastOrders: 200 });
    const devtools = await page.context().newCDPSession(page);
    // Processor time, not wall time: other tests may run beside.
    await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
    const busySeconds = async (): Promise<number> => {
      const { metrics } = await devtools.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
    };
    const [before, startedAt] = [await busySeconds(), performance.now()];
    await page.waitForTimeout(4_000);
    const share = ((await busySeconds()) - before) / ((performance.now() - startedAt) / 1_000);
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.08);
  });

  test('nothing comes from elsewhere and nothing offends the content security policy', async () => {
    const { page, complaints } = await harness.open({ lively: true, pastOrders: 30 });
    await page.getByTestId('search-results').waitFor();
    await page.getByRole('button', { name: 'Crash payment' }).click();
    expect(complaints).toEqual([]);
  });
});
