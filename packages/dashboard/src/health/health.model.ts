/** The shop's health as one sentence and a few numbers: what a glance from across the room must tell. Pure. */
import type { BreakerView, OrderStatus, StatusView } from '../contract.ts';
import { count, listed, plural } from '../kit/format.model.ts';
import type { Tone } from '../kit/tone.model.ts';

export interface Health {
  readonly tone: Extract<Tone, 'good' | 'warn' | 'bad' | 'quiet'>;
  readonly sentence: string;
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone: Tone;
}

/** The worst thing first; a calm sentence when there is none. */
export function healthOf(status: StatusView | undefined): Health {
  if (status === undefined) return { tone: 'quiet', sentence: 'Waiting for the shop’s first word.' };
  const down = status.processes.filter(({ up }) => !up).map(({ name }) => name);
  const open = dependencies(status.breakers, 'open');
  const probing = dependencies(status.breakers, 'half-open');
  const storeless = status.breakers.some(({ store }) => store === 'down');
  const waiting = status.bulkheads.reduce((sum, { queued }) => sum + queued, 0);
  if (status.orders.stuck > 0) {
    return {
      tone: 'bad',
      sentence: `${plural(status.orders.stuck, 'order needs', 'orders need')} a person: an undo step gave up.`,
    };
  }
  if (down.length > 0) {
    return {
      tone: 'bad',
      sentence: `${listed(down)} ${down.length === 1 ? 'is' : 'are'} down; the supervisor starts ${down.length === 1 ? 'it' : 'them'} again.`,
    };
  }
  if (open.length > 0) {
    return {
      tone: 'bad',
      sentence: `The circuit to ${listed(open)} is open: calls are refused at once until ${open.length === 1 ? 'it recovers' : 'they recover'}.`,
    };
  }
  if (storeless)
    return { tone: 'warn', sentence: 'The breakers’ store is down: each worker decides by itself.' };
  if (probing.length > 0)
    return {
      tone: 'warn',
      sentence: `Probing whether ${listed(probing)} ${probing.length === 1 ? 'has' : 'have'} recovered.`,
    };
  if (waiting > 0)
    return {
      tone: 'warn',
      sentence: `${plural(waiting, 'call waits', 'calls wait')} for a free place in a bulkhead.`,
    };
  return { tone: 'good', sentence: 'Everything is up and every circuit is closed.' };
}

export function factsOf(status: StatusView): readonly Fact[] {
  const up = status.processes.filter((process) => process.up).length;
  const all = new Set(status.breakers.map(({ dependency }) => dependency));
  const closed = [...all].filter((name) =>
    status.breakers.every(({ dependency, state }) => dependency !== name || state === 'closed'),
  );
  const whole = (part: number, total: number): Tone => (part < total ? 'bad' : 'good');
  const orders = (each: OrderStatus): string => count(status.orders[each]);
  const moving = status.orders.running + status.orders.undoing;
  return [
    {
      label: 'Processes up',
      value: `${up}/${status.processes.length}`,
      tone: whole(up, status.processes.length),
    },
    { label: 'Circuits closed', value: `${closed.length}/${all.size}`, tone: whole(closed.length, all.size) },
    { label: 'On their way', value: count(moving), tone: moving > 0 ? 'busy' : 'quiet' },
    { label: 'Confirmed', value: orders('confirmed'), tone: 'good' },
    { label: 'Undone', value: orders('undone'), tone: status.orders.undone > 0 ? 'note' : 'quiet' },
    { label: 'Need a person', value: orders('stuck'), tone: status.orders.stuck > 0 ? 'bad' : 'quiet' },
  ];
}

function dependencies(breakers: readonly BreakerView[], state: BreakerView['state']): readonly string[] {
  return [
    ...new Set(breakers.filter((breaker) => breaker.state === state).map(({ dependency }) => dependency)),
  ];
}
