/** Starts and stops a steady load. While one runs, its numbers stand where the fields were: nothing moves. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import type { LoadView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { Field } from '../kit/field.tsx';
import { focusFirstFault } from '../kit/focus.ts';
import { count } from '../kit/format.model.ts';
import { faultsOf, NO_FAULTS } from '../kit/problem.model.ts';
import type { LoadRequest } from '../live/api.ts';
import { numberOf } from '../orders/order-draft.model.ts';

const FIELDS = [
  { name: 'ordersPerSecond', label: 'Orders/s', max: 50 },
  { name: 'searchesPerSecond', label: 'Searches/s', max: 50 },
  { name: 'seconds', label: 'Seconds', max: 600 },
] as const;

export function LoadForm(): VNode {
  const { api, live } = useDashboard();
  const typed = useSignal({ ordersPerSecond: '2', searchesPerSecond: '2', seconds: '60' });
  const faults = useSignal(NO_FAULTS);
  const form = useRef<HTMLFormElement>(null);
  const load = live.status.value?.load;
  const running = load !== undefined && load.remainingSeconds > 0;
  const send = async (request: LoadRequest): Promise<void> => {
    const answer = await api.setLoad(request);
    faults.value = faultsOf(
      answer,
      FIELDS.map(({ name }) => `/${name}`),
      'Look at the remaining seconds before trying again.',
    );
    if (answer.kind !== 'ok') focusFirstFault(form.current);
  };
  const submit = (event: Event): void => {
    event.preventDefault();
    const { ordersPerSecond, searchesPerSecond, seconds } = typed.value;
    void send(
      running
        ? { ordersPerSecond: 0, searchesPerSecond: 0, seconds: 0 }
        : {
            ordersPerSecond: numberOf(ordersPerSecond),
            searchesPerSecond: numberOf(searchesPerSecond),
            seconds: numberOf(seconds),
          },
    );
  };
  return (
    <form
      ref={form}
      class="form load-form"
      aria-label="Load"
      noValidate
      onSubmit={submit}
      data-testid="load-form"
    >
      {running ? (
        <LoadNumbers load={load} />
      ) : (
        FIELDS.map(({ name, label, max }) => (
          <Field
            key={name}
            label={label}
            class="field-number"
            error={faults.value.byField[`/${name}`]}
            control={(ids) => (
              <input
                {...ids}
                type="number"
                min="0"
                max={max}
                value={typed.value[name]}
                onInput={(event) => {
                  typed.value = { ...typed.value, [name]: event.currentTarget.value };
                }}
              />
            )}
          />
        ))
      )}
      <div class="form-actions">
        <button type="submit">{running ? 'Stop load' : 'Start load'}</button>
      </div>
      {faults.value.rest !== undefined && (
        <p class="form-error" role="alert">
          {faults.value.rest}
        </p>
      )}
    </form>
  );
}

function LoadNumbers({ load }: { readonly load: LoadView }): VNode {
  const numbers = [
    ['Left', `${load.remainingSeconds} s`],
    ['Sent', count(load.sent)],
    ['Failed', count(load.failed)],
  ] as const;
  return (
    <dl class="load-numbers" data-testid="load-numbers">
      {numbers.map(([label, value]) => (
        <div key={label}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
