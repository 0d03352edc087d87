/** The last 200 orders, newest first. */
import type { VNode } from 'preact';
import type { OrderView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { FollowButton } from '../kit/follow-button.tsx';
import { money } from '../kit/format.model.ts';
import { Listbox } from '../kit/listbox.tsx';
import { Mark } from '../kit/mark.tsx';
import { Section } from '../kit/section.tsx';
import { ORDER_LOOKS } from '../kit/tone.model.ts';
import { When } from '../kit/when.tsx';
import { goodsOf } from './order.model.ts';

export function OrderList(): VNode {
  const { live } = useDashboard();
  const follow = (
    <FollowButton
      what="order"
      following={live.chosenOrder.value === undefined}
      onFollow={() => live.chooseOrder(undefined)}
    />
  );
  return (
    <Section title="Orders" class="orders" aside={follow}>
      <Listbox
        label="Orders, newest first"
        items={live.orders.value}
        keyOf={orderKey}
        selectedKey={live.order.value?.orderId}
        onChoose={live.chooseOrder}
        row={orderRow}
        rowTestId="order-row"
        empty="No order yet. Place one above."
      />
    </Section>
  );
}

function orderKey({ orderId }: OrderView): string {
  return orderId;
}

function orderRow(order: OrderView): VNode {
  return (
    <>
      <span class="row-line">
        <Mark look={ORDER_LOOKS[order.status]} />
        <span class="number">{money(order.totalCents)}</span>
      </span>
      <span class="row-line row-second">
        <span class="clip">{goodsOf(order)}</span>
        <When atMs={order.acceptedAtMs} />
      </span>
    </>
  );
}
