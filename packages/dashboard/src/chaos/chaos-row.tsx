/** One service's faults. Each control takes effect when it is changed; what the shop refuses is said at the field. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useId } from 'preact/hooks';
import type { ChaosSettings, ChaosView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { faultsOf, NO_FAULTS } from '../kit/problem.model.ts';
import {
  CALM,
  CHAOS_FIELDS,
  type ChaosField,
  chaosWords,
  isCalm,
  typedOf,
  withTyped,
} from './chaos.model.ts';

type ChaosRowProps = ChaosView['services'][number] & {
  readonly onChanged: () => Promise<void>;
  readonly onCrash: () => void;
};

const POINTERS = CHAOS_FIELDS.map(({ name }) => `/${name}`);

export function ChaosRow({ service, tier, settings, onChanged, onCrash }: ChaosRowProps): VNode {
  const { api } = useDashboard();
  const faults = useSignal(NO_FAULTS);
  const errorId = useId();
  const send = async (next: ChaosSettings): Promise<void> => {
    const answer = await api.setChaos(service, next);
    // First what is true now, so that a control never falls back to its old value in between.
    await onChanged();
    faults.value = faultsOf(answer, POINTERS, 'Set it again.');
  };
  const down = settings === undefined;
  const shown = settings ?? CALM;
  const complaint = [...Object.values(faults.value.byField), faults.value.rest].find(
    (text) => text !== undefined,
  );
  return (
    <tr data-service={service} class={isCalm(shown) ? '' : 'chaos-active'}>
      <th scope="row">
        {service}
        <span class="aside chaos-words">
          {down ? `${tier}, down` : isCalm(shown) ? tier : chaosWords(shown)}
        </span>
        {complaint !== undefined && (
          <span class="field-error" role="alert" id={errorId}>
            {complaint}
          </span>
        )}
      </th>
      {CHAOS_FIELDS.map((field) => (
        <td key={field.name}>
          <NumberCell
            field={field}
            service={service}
            settings={shown}
            disabled={down}
            errorId={faults.value.byField[`/${field.name}`] === undefined ? undefined : errorId}
            onSet={send}
          />
        </td>
      ))}
      <td>
        <input
          type="checkbox"
          aria-label={`${service}: hang`}
          checked={shown.hang}
          disabled={down}
          onChange={(event) => void send({ ...shown, hang: event.currentTarget.checked })}
        />
      </td>
      <td class="chaos-actions">
        <button
          type="button"
          class="button-quiet"
          disabled={down || isCalm(shown)}
          aria-label={`Calm ${service}`}
          onClick={() => void send(CALM)}
        >
          Calm
        </button>
        <button
          type="button"
          class="button-quiet button-danger"
          disabled={down}
          aria-label={`Crash ${service}`}
          onClick={onCrash}
        >
          Crash
        </button>
      </td>
    </tr>
  );
}

interface NumberCellProps {
  readonly field: ChaosField;
  readonly service: string;
  readonly settings: ChaosSettings;
  readonly disabled: boolean;
  readonly errorId: string | undefined;
  readonly onSet: (settings: ChaosSettings) => Promise<void>;
}

function NumberCell({ field, service, settings, disabled, errorId, onSet }: NumberCellProps): VNode {
  return (
    <input
      type="number"
      min="0"
      max={field.max}
      step={field.step}
      disabled={disabled}
      aria-label={`${service}: ${field.label.toLowerCase()} in ${field.unit === '%' ? 'percent' : 'milliseconds'}`}
      {...(errorId === undefined ? {} : { 'aria-invalid': 'true' as const, 'aria-describedby': errorId })}
      value={typedOf(settings, field)}
      onChange={(event) => void onSet(withTyped(settings, field, event.currentTarget.value))}
    />
  );
}
