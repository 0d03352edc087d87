/** A binary heap of timers, ordered by due time and then by age: the heart of virtual time. */
import type { Cancel } from '../ports/runtime.ts';

interface Timer {
  readonly atMs: number;
  readonly sequence: number;
  run: (() => void) | undefined;
}

export interface TimerQueue {
  add(atMs: number, run: () => void): Cancel;
  nextAtMs(): number | undefined;
  /** Removes the next timer and answers its function. */
  take(): (() => void) | undefined;
  readonly size: number;
}

export function timerQueue(): TimerQueue {
  const heap: Timer[] = [];
  let sequence = 0;
  let live = 0;

  /** Cancelled timers stay in the heap until they surface; their function is already gone. */
  function dropCancelled(): void {
    while (heap[0] !== undefined && heap[0].run === undefined) removeRoot(heap);
  }

  return {
    add(atMs, run) {
      const timer: Timer = { atMs, sequence: sequence++, run };
      live += 1;
      heap.push(timer);
      siftUp(heap, heap.length - 1);
      return () => {
        if (timer.run === undefined) return;
        timer.run = undefined;
        live -= 1;
      };
    },
    nextAtMs() {
      dropCancelled();
      return heap[0]?.atMs;
    },
    take() {
      dropCancelled();
      const timer = removeRoot(heap);
      if (timer === undefined) return undefined;
      const run = timer.run;
      timer.run = undefined;
      live -= 1;
      return run;
    },
    get size() {
      return live;
    },
  };
}

function before(left: Timer, right: Timer): boolean {
  return left.atMs < right.atMs || (left.atMs === right.atMs && left.sequence < right.sequence);
}

function siftUp(heap: Timer[], from: number): void {
  let index = from;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const timer = heap[index];
    const parent = heap[parentIndex];
    if (timer === undefined || parent === undefined || !before(timer, parent)) return;
    heap[index] = parent;
    heap[parentIndex] = timer;
    index = parentIndex;
  }
}

function removeRoot(heap: Timer[]): Timer | undefined {
  const root = heap[0];
  const last = heap.pop();
  if (root === undefined || last === undefined || heap.length === 0) return root;
  heap[0] = last;
  siftDown(heap);
  return root;
}

function siftDown(heap: Timer[]): void {
  let index = 0;
  for (;;) {
    const timer = heap[index];
    const leftIndex = 2 * index + 1;
    const left = heap[leftIndex];
    const right = heap[leftIndex + 1];
    if (timer === undefined || left === undefined) return;
    const [child, childIndex] =
      right !== undefined && before(right, left) ? [right, leftIndex + 1] : [left, leftIndex];
    if (!before(child, timer)) return;
    heap[index] = child;
    heap[childIndex] = timer;
    index = childIndex;
  }
}
