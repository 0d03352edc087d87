/** How one order lives: every view of it that the shop would send, with its time, worked out at once and purely. */
import type { ChaosSettings, OrderStep, OrderView } from '../../src/contract.ts';
import { SAGA, SERVICE_OF } from './catalogue.ts';
import { between, type Random } from './random.ts';

/** A view and when it is sent, in ms from the order's acceptance. */
export interface Frame {
  readonly atMs: number;
  readonly view: OrderView;
}

/** What goes wrong with an order. */
export interface Fate {
  readonly failAt?: string;
  /** `refused`: the service said no and did nothing. `unknown`: nobody knows whether it did. */
  readonly failure: 'refused' | 'unknown';
  /** Failed attempts before success, by state. */
  readonly stumbles: Readonly<Record<string, number>>;
  readonly stuckAt?: string;
}

const FORWARD = ['ReservePayment', 'ReserveInventory', 'CreateShipping', 'ConfirmOrder'];
const REFUSALS: Readonly<Record<string, readonly [code: string, cause: string]>> = {
  ReservePayment: ['PaymentDeclined', 'the card was declined by its issuer'],
  ReserveInventory: ['InsufficientStock', 'not enough in stock for this quantity'],
  CreateShipping: ['DeliveryUnavailable', 'no carrier delivers to this address this week'],
};
const UNAVAILABLE = { code: 'Unavailable', cause: 'the service answered 503, the circuit was still closed' };
const TIMEOUT = { code: 'States.Timeout', cause: 'no answer within 10 s; the effect may have happened' };

/** Draws a fate from the chaos in force, with a little bad luck when `mishapRatio` > 0. */
export function drawFate(
  random: Random,
  chaos: ReadonlyMap<string, ChaosSettings>,
  mishapRatio: number,
): Fate {
  const stumbles: Record<string, number> = {};
  for (const name of FORWARD) {
    const settings = chaos.get(SERVICE_OF[name] ?? '');
    if (settings === undefined) return { failAt: name, failure: 'unknown', stumbles };
    if (name in REFUSALS && random() < settings.declineRatio + mishapRatio / 2)
      return { failAt: name, failure: 'refused', stumbles };
    if (settings.hang || random() < settings.lostAnswerRatio + mishapRatio / 6)
      return { failAt: name, failure: 'unknown', stumbles };
    if (random() < settings.errorRatio + mishapRatio) stumbles[name] = between(random, 1, 3);
    if (settings.errorRatio >= 1) return { failAt: name, failure: 'unknown', stumbles };
  }
  return { failure: 'refused', stumbles };
}

export function framesOf(accepted: OrderView, fate: Fate, random: Random): readonly Frame[] {
  const frames: Frame[] = [{ atMs: 0, view: accepted }];
  let view = accepted;
  let clock = 8;
  const send = (change: Partial<OrderView>): void => {
    view = { ...view, ...change };
    frames.push({ atMs: clock, view });
  };
  const at = (): number => accepted.acceptedAtMs + clock;
  const put = (step: OrderStep, change: Partial<OrderView> = {}): void => {
    const index = view.steps.findIndex((each) => each.state === step.state);
    const steps =
      index < 0 ? [...view.steps, step] : view.steps.map((each, place) => (place === index ? step : each));
    send({ ...change, steps });
  };
  const run = (state: string, ending: 'done' | 'failed', change: Partial<OrderView> = {}): void => {
    const kind = SAGA.states.find(({ name }) => name === state)?.kind ?? 'forward';
    const refused = ending === 'failed' && fate.failure === 'refused' && kind === 'forward';
    const failures = ending === 'failed' ? (refused ? 1 : 4) : (fate.stumbles[state] ?? 0);
    let step: OrderStep = { state, kind, status: 'running', attempts: 1, startedAtMs: at() };
    put(step, change);
    for (let attempt = 1; attempt <= failures; attempt += 1) {
      clock += between(random, 60, refused ? 260 : 420);
      const error = errorOf(state, ending, fate, attempt === failures);
      step = { ...step, status: 'retrying', attempts: attempt, error };
      if (ending === 'failed' && attempt === failures) break;
      put(step);
      clock += between(random, 120, 700);
      step = { ...step, status: 'running', attempts: attempt + 1 };
      put(step);
    }
    if (ending === 'done') clock += between(random, 90, 260);
    put({ ...step, status: ending, endedAtMs: at() });
    clock += 4;
  };
  const end = (state: string, change: Partial<OrderView>): void => {
    const step: OrderStep = {
      state,
      kind: 'end',
      status: 'done',
      attempts: 0,
      startedAtMs: at(),
      endedAtMs: at(),
    };
    put(step, { ...change, endedAtMs: at() });
  };

  for (const state of FORWARD) {
    if (state !== fate.failAt) {
      run(state, 'done');
      continue;
    }
    run(state, 'failed');
    undo(state, fate, view, run, end);
    return frames;
  }
  announce(put, at, (ms) => {
    clock += ms;
  });
  end('OrderConfirmed', { status: 'confirmed' });
  return frames;
}

function undo(
  failed: string,
  fate: Fate,
  view: OrderView,
  run: (state: string, ending: 'done' | 'failed', change?: Partial<OrderView>) => void,
  end: (state: string, change: Partial<OrderView>) => void,
): void {
  const error = view.steps.at(-1)?.error;
  const reason = `${failed}: ${error?.code ?? 'Unknown'}. ${error?.cause ?? ''}`;
  const reach = Math.min(FORWARD.indexOf(failed), 2) - (fate.failure === 'refused' ? 1 : 0);
  const compensations = ['ReleasePayment', 'ReleaseInventory', 'CancelShipping']
    .slice(0, reach + 1)
    .reverse();
  for (const state of compensations) {
    if (state === fate.stuckAt) {
      run(state, 'failed', { status: 'undoing', reason });
      end('OrderStuck', { status: 'stuck', reason });
      return;
    }
    run(state, 'done', { status: 'undoing', reason });
  }
  end('OrderUndone', { status: 'undone', reason });
}

function announce(put: (step: OrderStep) => void, at: () => number, wait: (ms: number) => void): void {
  const started = at();
  const base = { kind: 'announce', attempts: 1, startedAtMs: started } as const;
  put({ ...base, state: 'AnnounceOrder', status: 'running', attempts: 0 });
  put({ ...base, state: 'RecordHistory', status: 'running' });
  put({ ...base, state: 'RecordAnalytics', status: 'running' });
  wait(40);
  put({ ...base, state: 'RecordHistory', status: 'done', endedAtMs: at() });
  wait(25);
  put({ ...base, state: 'RecordAnalytics', status: 'done', endedAtMs: at() });
  put({ ...base, state: 'AnnounceOrder', status: 'done', attempts: 0, endedAtMs: at() });
  wait(2);
}

function errorOf(
  state: string,
  ending: 'done' | 'failed',
  fate: Fate,
  last: boolean,
): { code: string; cause: string } {
  if (ending === 'failed' && fate.failure === 'refused' && state in REFUSALS) {
    const [code, cause] = REFUSALS[state] ?? ['Unknown', ''];
    return { code, cause };
  }
  return ending === 'failed' && last ? TIMEOUT : UNAVAILABLE;
}
