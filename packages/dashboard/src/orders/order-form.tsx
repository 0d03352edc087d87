/** Places an order. The same order keeps its idempotency key until the shop has answered, so a second press is safe. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { ProductView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { Field } from '../kit/field.tsx';
import { focusFirstFault } from '../kit/focus.ts';
import { money } from '../kit/format.model.ts';
import { Icon } from '../kit/icon.tsx';
import { faultsOf, NO_FAULTS } from '../kit/problem.model.ts';
import {
  fieldsOf,
  MAX_LINES,
  type OrderDraft,
  requestOf,
  withLine,
  withoutLine,
} from './order-draft.model.ts';

export function OrderForm(): VNode {
  const { api, live } = useDashboard();
  const customers = live.choices.value?.customers ?? [];
  const products = live.choices.value?.products ?? [];
  const draft = useSignal<OrderDraft>({ customerId: '', lines: [{ productId: '', quantity: '1' }] });
  const faults = useSignal(NO_FAULTS);
  const sending = useSignal(false);
  const key = useSignal<string | undefined>(undefined);
  const form = useRef<HTMLFormElement>(null);
  const shown = withDefaults(draft.value, customers[0]?.customerId, products[0]?.productId);
  const change = (next: OrderDraft): void => {
    draft.value = next;
    key.value = undefined;
  };
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    if (sending.value) return;
    sending.value = true;
    key.value ??= crypto.randomUUID();
    const answer = await api.placeOrder(requestOf(shown), key.value);
    sending.value = false;
    faults.value = faultsOf(answer, fieldsOf(shown), 'Press again: the same order is never placed twice.');
    if (answer.kind !== 'unreachable') key.value = undefined;
    if (answer.kind === 'ok') live.placed(answer.value);
    else focusFirstFault(form.current);
  };
  return (
    <form
      ref={form}
      class="form order-form"
      aria-label="Place an order"
      noValidate
      onSubmit={submit}
      data-testid="order-form"
    >
      <Field
        label="Customer"
        error={faults.value.byField['/customerId']}
        control={(ids) => (
          <select
            {...ids}
            value={shown.customerId}
            onChange={(event) => change({ ...shown, customerId: event.currentTarget.value })}
          >
            {customers.map(({ customerId, name }) => (
              <option key={customerId} value={customerId}>
                {name}
              </option>
            ))}
          </select>
        )}
      />
      <div class="order-lines">
        {shown.lines.map((line, index) => (
          <div class="order-line" key={index}>
            <ProductField
              products={products}
              value={line.productId}
              error={faults.value.byField[`/lines/${index}/productId`]}
              onChange={(productId) => change(withLine(shown, index, { productId }))}
            />
            <Field
              label="Quantity"
              class="field-number"
              error={faults.value.byField[`/lines/${index}/quantity`]}
              control={(ids) => (
                <input
                  {...ids}
                  type="number"
                  min="1"
                  max="100"
                  step="1"
                  value={line.quantity}
                  onInput={(event) => change(withLine(shown, index, { quantity: event.currentTarget.value }))}
                />
              )}
            />
            {shown.lines.length > 1 && (
              <button
                type="button"
                class="button-icon"
                aria-label={`Remove product ${index + 1}`}
                onClick={() => change(withoutLine(shown, index))}
              >
                <Icon name="minus" />
              </button>
            )}
          </div>
        ))}
      </div>
      <div class="form-actions">
        <button type="submit" class="button-primary" aria-disabled={sending.value}>
          Place order
        </button>
        <button
          type="button"
          class="button-icon"
          aria-label="Add another product"
          title="Add another product"
          disabled={shown.lines.length >= MAX_LINES}
          onClick={() =>
            change({
              ...shown,
              lines: [...shown.lines, { productId: unused(products, shown), quantity: '1' }],
            })
          }
        >
          <Icon name="plus" />
        </button>
      </div>
      {faults.value.rest !== undefined && (
        <p class="form-error" role="alert">
          {faults.value.rest}
        </p>
      )}
    </form>
  );
}

interface ProductFieldProps {
  readonly products: readonly ProductView[];
  readonly value: string;
  readonly error: string | undefined;
  readonly onChange: (productId: string) => void;
}

function ProductField({ products, value, error, onChange }: ProductFieldProps): VNode {
  return (
    <Field
      label="Product"
      error={error}
      control={(ids) => (
        <select {...ids} value={value} onChange={(event) => onChange(event.currentTarget.value)}>
          {products.map(({ productId, name, priceCents }) => (
            <option key={productId} value={productId}>
              {name} · {money(priceCents)}
            </option>
          ))}
        </select>
      )}
    />
  );
}

/** Until somebody chooses, the form holds the first customer and product that the shop offers. */
function withDefaults(draft: OrderDraft, customerId = '', productId = ''): OrderDraft {
  return {
    customerId: draft.customerId || customerId,
    lines: draft.lines.map((line) => ({ ...line, productId: line.productId || productId })),
  };
}

/** The shop refuses a product in two lines, so a new line starts with one that is in none. */
function unused(products: readonly ProductView[], draft: OrderDraft): string {
  return (
    products.find(({ productId }) => draft.lines.every((line) => line.productId !== productId))?.productId ??
    ''
  );
}
