/** One order in full: what it is, its saga drawn and told, and its way through the services. */
import type { VNode } from 'preact';
import type { OrderView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { CopyButton } from '../kit/copy-button.tsx';
import { money } from '../kit/format.model.ts';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import { ORDER_LOOKS } from '../kit/tone.model.ts';
import { When } from '../kit/when.tsx';
import { SagaDrawing } from '../saga/saga-drawing.tsx';
import { Spans } from '../spans/spans.tsx';
import { goodsOf, reasonWords, storyOf } from './order.model.ts';
import { Timeline } from './timeline.tsx';

export function OrderDetail(): VNode {
  const { live } = useDashboard();
  const order = live.order.value;
  const graph = live.saga.value;
  return (
    <Section
      title="The order’s saga"
      class="detail"
      aside={order === undefined ? undefined : <Mark look={ORDER_LOOKS[order.status]} />}
    >
      {order === undefined ? (
        <p class="empty">Choose an order, or place one, to see the way it takes.</p>
      ) : (
        <Summary order={order} />
      )}
      {graph !== undefined && <SagaDrawing graph={graph} order={order} />}
      {order !== undefined && (
        <div class="detail-words">
          <Timeline order={order} />
          <Spans correlationId={order.correlationId} settled={order.endedAtMs !== undefined} />
        </div>
      )}
    </Section>
  );
}

function Summary({ order }: { readonly order: OrderView }): VNode {
  const { live } = useDashboard();
  const customer =
    live.choices.value?.customers.find(({ customerId }) => customerId === order.customerId)?.name ??
    order.customerId;
  const nowMs = order.endedAtMs === undefined ? live.nowMs.value : 0;
  return (
    <div class="summary" data-testid="order-summary" data-order-id={order.orderId}>
      <p class="summary-goods">
        <strong>{goodsOf(order)}</strong> for {customer},{' '}
        <span class="number">{money(order.totalCents)}</span>
      </p>
      <p class="summary-story">
        {storyOf(order, nowMs)}. Placed <When atMs={order.acceptedAtMs} />
      </p>
      <p class="summary-reason clip" title={order.reason}>
        {order.reason === undefined ? '' : reasonWords(order.reason)}
      </p>
      <p class="summary-ids">
        <span class="code clip" title={order.orderId}>
          {order.orderId}
        </span>
        <span class="correlation">
          <span class="clip code" title={`correlation id ${order.correlationId}`}>
            {order.correlationId}
          </span>
          <CopyButton value={order.correlationId} what="correlation id" />
        </span>
      </p>
    </div>
  );
}
