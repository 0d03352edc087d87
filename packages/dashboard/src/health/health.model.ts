/** The shop's health as one sentence and a few numbers: what a glance from across the room must tell. Pure. */
import type { BreakerView, OrderStatus, StatusView } from '../contract.ts';
import { clock, count, listed, plural } from '../kit/format.model.ts';
import type { Tone } from '../kit/tone.model.ts';

export interface Health {
  readonly tone: Extract<Tone, 'good' | 'warn' | 'bad' | 'quiet'>;
  /** The worst. */
  readonly sentence: string;
  /** What is wrong besides. */
  readonly also: readonly string[];
}

export interface Fact {
  readonly label: string;
  readonly value: string;
  readonly tone: Tone;
}

type Finding = Pick<Health, 'tone' | 'sentence'>;

/** What is not in order, the worst first. Each tells it or holds its peace. */
const CHECKS: readonly ((status: StatusView) => Finding | undefined)[] = [
  stuckOrders,
  downProcesses,
  openCircuits,
  lostStore,
  probes,
  crowds,
];

/**
 * The worst thing first; a calm sentence when there is none.
 * @param live whether the stream is open: an old status must not pass for the present
 */
export function healthOf(status: StatusView | undefined, live: boolean): Health {
  if (status === undefined)
    return { tone: 'quiet', sentence: 'Waiting for the shop’s first word.', also: [] };
  if (!live) {
    const sentence = `No word from the shop since ${clock(status.atMs)}: what stands here is old.`;
    return { tone: 'warn', sentence, also: [] };
  }
  const [worst, ...others] = CHECKS.flatMap((check) => check(status) ?? []);
  if (worst === undefined)
    return { tone: 'good', sentence: 'Everything is up and every circuit is closed.', also: [] };
  return { ...worst, also: others.map(({ sentence }) => sentence) };
}

function stuckOrders({ orders }: StatusView): Finding | undefined {
  if (orders.stuck === 0) return undefined;
  return {
    tone: 'bad',
    sentence: `${plural(orders.stuck, 'order needs', 'orders need')} a person: an undo step gave up.`,
  };
}

function downProcesses({ processes }: StatusView): Finding | undefined {
  const down = processes.filter(({ up }) => !up).map(({ name }) => name);
  if (down.length === 0) return undefined;
  const [are, them] = down.length === 1 ? ['is', 'it'] : ['are', 'them'];
  return { tone: 'bad', sentence: `${listed(down)} ${are} down; the supervisor starts ${them} again.` };
}

function openCircuits({ breakers }: StatusView): Finding | undefined {
  const open = dependencies(breakers, 'open');
  if (open.length === 0) return undefined;
  const [circuit, recover] = open.length === 1 ? ['circuit', 'it recovers'] : ['circuits', 'they recover'];
  return {
    tone: 'bad',
    sentence: `Open ${circuit} to ${listed(open)}: calls are refused at once until ${recover}.`,
  };
}

function lostStore({ breakers }: StatusView): Finding | undefined {
  if (breakers.every(({ store }) => store !== 'down')) return undefined;
  return { tone: 'warn', sentence: 'The breakers’ store is down: each worker decides by itself.' };
}

function probes({ breakers }: StatusView): Finding | undefined {
  const probing = dependencies(breakers, 'half-open');
  if (probing.length === 0) return undefined;
  const have = probing.length === 1 ? 'has' : 'have';
  return { tone: 'warn', sentence: `Probing whether ${listed(probing)} ${have} recovered.` };
}

function crowds({ bulkheads }: StatusView): Finding | undefined {
  const crowded = [...new Set(bulkheads.filter(({ queued }) => queued > 0).map(({ tier }) => tier))];
  if (crowded.length === 0) return undefined;
  return { tone: 'warn', sentence: `Calls wait for a free place in the ${listed(crowded)} bulkhead.` };
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
