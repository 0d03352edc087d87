/** The panel: what is asked on top, what happens in the middle, the rest below. */
import type { VNode } from 'preact';
import { BreakerList } from './breakers/breaker-list.tsx';
import { TransitionList } from './breakers/transition-list.tsx';
import { BulkheadList } from './bulkheads/bulkhead-list.tsx';
import { ChaosPanel } from './chaos/chaos-panel.tsx';
import { HealthStrip } from './health/health-strip.tsx';
import { TopBar } from './health/top-bar.tsx';
import { LoadForm } from './load/load-form.tsx';
import { ServiceMap } from './map/service-map.tsx';
import { OrderDetail } from './orders/order-detail.tsx';
import { OrderForm } from './orders/order-form.tsx';
import { OrderList } from './orders/order-list.tsx';
import { Processes } from './processes/processes.tsx';
import { SearchForm } from './search/search-form.tsx';
import { SearchPanel } from './search/search-panel.tsx';
import { SearchResults } from './search/search-results.tsx';

export function App(): VNode {
  return (
    <>
      <a class="skip-link" href="#orders">
        Skip to the orders
      </a>
      <TopBar />
      <main>
        <HealthStrip />
        <section class="toolbar" aria-label="Try it">
          <OrderForm />
          <SearchForm />
          <LoadForm />
        </section>
        <div class="panel" id="orders" tabIndex={-1}>
          <OrderList />
          <OrderDetail />
          <div class="side">
            <BreakerList />
            <BulkheadList />
            <SearchPanel />
            <TransitionList />
          </div>
        </div>
        <div class="lower">
          <ServiceMap />
          <Processes />
          <SearchResults />
          <ChaosPanel />
        </div>
      </main>
    </>
  );
}
