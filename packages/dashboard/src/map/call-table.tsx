/** The map's edges in figures. */
import type { VNode } from 'preact';
import { duration, percent, perSecond } from '../kit/format.model.ts';
import { errorRatio, type MapEdge } from './map.model.ts';

export interface CallTableProps {
  readonly edges: readonly MapEdge[];
  /** Whether it stands open by itself: where there is no room for the drawing. */
  readonly open: boolean;
}

export function CallTable({ edges, open }: CallTableProps): VNode {
  return (
    <details class="calls" open={open}>
      <summary>The same in figures</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways must be reachable by keyboard. */}
      <section class="scroll-x" tabIndex={0} aria-label="Calls between services">
        <table>
          <thead>
            <tr>
              <th scope="col">From</th>
              <th scope="col">To</th>
              <th scope="col">Calls</th>
              <th scope="col">Errors</th>
              <th scope="col">p50</th>
              <th scope="col">p95</th>
              <th scope="col">p99</th>
            </tr>
          </thead>
          <tbody>
            {edges.map((edge) => (
              <tr key={`${edge.from}-${edge.to}`}>
                <td>{edge.from}</td>
                <td>{edge.to}</td>
                <td class="number">{perSecond(edge.ratePerSecond)}</td>
                <td class="number">{percent(errorRatio(edge))}</td>
                <td class="number">{duration(edge.p50Ms)}</td>
                <td class="number">{duration(edge.p95Ms)}</td>
                <td class="number">{duration(edge.p99Ms)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </details>
  );
}
