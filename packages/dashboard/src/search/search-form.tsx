/** Asks the shop's search, in the name of a customer so that their history counts. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useRef } from 'preact/hooks';
import { useDashboard } from '../dashboard.ts';
import { Field } from '../kit/field.tsx';
import { focusFirstFault } from '../kit/focus.ts';
import { faultsOf, NO_FAULTS } from '../kit/problem.model.ts';

export function SearchForm(): VNode {
  const { api, live } = useDashboard();
  const query = useSignal('lamp');
  const faults = useSignal(NO_FAULTS);
  const form = useRef<HTMLFormElement>(null);
  const submit = async (event: Event): Promise<void> => {
    event.preventDefault();
    const answer = await api.search(query.value, live.choices.value?.customers[0]?.customerId ?? '');
    faults.value = faultsOf(answer, ['/q'], 'A search changes nothing: try again.');
    if (answer.kind === 'ok') live.chooseSearch(answer.value);
    else focusFirstFault(form.current);
  };
  return (
    <search class="form-slot">
      <form
        ref={form}
        class="form search-form"
        aria-label="Search products"
        noValidate
        onSubmit={submit}
        data-testid="search-form"
      >
        <Field
          label="Search"
          error={faults.value.byField['/q']}
          control={(ids) => (
            <input
              {...ids}
              type="search"
              maxLength={100}
              value={query.value}
              onInput={(event) => {
                query.value = event.currentTarget.value;
              }}
            />
          )}
        />
        <div class="form-actions">
          <button type="submit">Search</button>
        </div>
        {faults.value.rest !== undefined && (
          <p class="form-error" role="alert">
            {faults.value.rest}
          </p>
        )}
      </form>
    </search>
  );
}
