/** A moment as "12 s ago", with the absolute time on hover. Only its own text node changes as time goes on. */
import { useComputed } from '@preact/signals';
import type { VNode } from 'preact';
import { useDashboard } from '../dashboard.ts';
import { ago, dateAndClock } from './format.model.ts';

export function When({ atMs }: { readonly atMs: number }): VNode {
  const { nowMs } = useDashboard().live;
  const text = useComputed(() => ago(atMs, nowMs.value));
  return (
    <time class="when" dateTime={new Date(atMs).toISOString()} title={dateAndClock(atMs)}>
      {text}
    </time>
  );
}
