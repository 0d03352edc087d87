/** All timers of all executions on one clock: a heap of due times and a single scheduled wake-up, so that idling is free. */
import type { Cancel, Runtime } from '@holdfast/core';

export interface Timer<T> {
  readonly key: string;
  readonly dueAt: number;
  readonly value: T;
  /** Counts up: of timers due together, the one set first fires first. */
  readonly order: number;
}

export interface Timers<T> {
  /** Sets the timer `key`; a second one under the same key replaces it. `dueAt` is epoch ms and may lie in the past. */
  set(key: string, dueAt: number, value: T): void;
  clear(key: string): void;
  close(): void;
  readonly size: number;
}

/** The longest a runtime can sleep; a timer further away wakes up now and then to look again. */
const LONGEST_SLEEP_MS = 2_147_483_647;

/** `fire` gets all timers due at one wake-up, earliest first. */
export function timers<T>(runtime: Runtime, fire: (due: readonly Timer<T>[]) => void): Timers<T> {
  const heap: Timer<T>[] = [];
  const live = new Map<string, Timer<T>>();
  let cancel: Cancel | undefined;
  let sets = 0;
  let wakeAt = Number.POSITIVE_INFINITY;

  const arm = (): void => {
    while (heap[0] !== undefined && live.get(heap[0].key) !== heap[0]) pop(heap);
    const next = heap[0]?.dueAt ?? Number.POSITIVE_INFINITY;
    if (next === wakeAt) return;
    cancel?.();
    cancel = undefined;
    wakeAt = next;
    if (next === Number.POSITIVE_INFINITY) return;
    const delay = Math.min(Math.max(0, next - runtime.now()), LONGEST_SLEEP_MS);
    cancel = runtime.schedule(delay, wake);
  };
  const wake = (): void => {
    wakeAt = Number.POSITIVE_INFINITY;
    const now = runtime.now();
    const due: Timer<T>[] = [];
    for (let top = heap[0]; top !== undefined && top.dueAt <= now; top = heap[0]) {
      pop(heap);
      if (live.get(top.key) !== top) continue;
      live.delete(top.key);
      due.push(top);
    }
    arm();
    if (due.length > 0) fire(due);
  };
  return {
    set: (key, dueAt, value) => {
      sets += 1;
      const timer = { key, dueAt, value, order: sets };
      live.set(key, timer);
      push(heap, timer);
      arm();
    },
    clear: (key) => {
      if (live.delete(key)) arm();
    },
    close: () => {
      live.clear();
      heap.length = 0;
      arm();
    },
    get size() {
      return live.size;
    },
  };
}

function isBefore(a: Timer<unknown>, b: Timer<unknown>): boolean {
  return a.dueAt === b.dueAt ? a.order < b.order : a.dueAt < b.dueAt;
}

function push<T>(heap: Timer<T>[], timer: Timer<T>): void {
  let at = heap.push(timer) - 1;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (above === undefined || isBefore(above, timer)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = timer;
}

function pop<T>(heap: Timer<T>[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const child =
      right !== undefined && left !== undefined && isBefore(right, left) ? 2 * at + 2 : 2 * at + 1;
    const smaller = heap[child];
    if (smaller === undefined || isBefore(last, smaller)) break;
    heap[at] = smaller;
    at = child;
  }
  heap[at] = last;
}
