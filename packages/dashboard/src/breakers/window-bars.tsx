/** A breaker's window: one bar a bucket, failures at the foot, then slow calls, then successes. */
import type { VNode } from 'preact';
import type { BreakerView } from '../contract.ts';
import { barsOf } from './breakers.model.ts';

const BAR = 5;
const GAP = 1.5;
const HEIGHT = 20;

export function WindowBars({ window }: { readonly window: BreakerView['window'] }): VNode {
  const width = Math.max(1, window.length) * (BAR + GAP) - GAP;
  return (
    <svg
      class="window-bars"
      viewBox={`0 0 ${width} ${HEIGHT}`}
      width={width}
      height={HEIGHT}
      aria-hidden="true"
    >
      <path class="window-floor" d={`M0 ${HEIGHT - 0.5}h${width}`} />
      {barsOf(window).map((bar, index) => {
        const failures = bar.failures * HEIGHT;
        const slow = bar.slow * HEIGHT;
        const successes = bar.successes * HEIGHT;
        const x = index * (BAR + GAP);
        return (
          <g key={index}>
            {successes > 0 && (
              <rect
                class="bar-success"
                x={x}
                width={BAR}
                y={HEIGHT - failures - slow - successes}
                height={successes}
              />
            )}
            {slow > 0 && (
              <rect class="bar-slow" x={x} width={BAR} y={HEIGHT - failures - slow} height={slow} />
            )}
            {failures > 0 && (
              <rect class="bar-failure" x={x} width={BAR} y={HEIGHT - failures} height={failures} />
            )}
          </g>
        );
      })}
    </svg>
  );
}
