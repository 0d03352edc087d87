/** Who calls whom, how often and how well; below it the same numbers as a table, which is all that a phone has room for. */
import type { VNode } from 'preact';
import { useId, useMemo } from 'preact/hooks';
import type { ServiceMapView } from '../contract.ts';
import { useDashboard } from '../dashboard.ts';
import { type Box, routeAcross } from '../kit/drawing.model.ts';
import { duration, percent, perSecond } from '../kit/format.model.ts';
import { IconPath } from '../kit/icon.tsx';
import { narrow } from '../kit/narrow.ts';
import { Section } from '../kit/section.tsx';
import { CallTable } from './call-table.tsx';
import {
  errorRatio,
  healthLook,
  type MapEdge,
  type MapNode,
  mapLayout,
  shapeOf,
  strokeOf,
} from './map.model.ts';

export function ServiceMap(): VNode {
  const map = useDashboard().live.map.value;
  const aside = map === undefined ? undefined : <span class="aside">last {duration(map.windowMs)}</span>;
  return (
    <Section title="Service map" class="service-map" aside={aside}>
      {map === undefined || map.nodes.length === 0 ? (
        <p class="empty">No calls yet. Place an order or start a load, and the map draws itself.</p>
      ) : (
        <>
          {!narrow.value && <Drawing map={map} />}
          <CallTable edges={map.edges} open={narrow.value} />
        </>
      )}
    </Section>
  );
}

function Drawing({ map }: { readonly map: ServiceMapView }): VNode {
  const id = useId();
  const shape = shapeOf(map);
  const { width, height, boxes } = useMemo(() => mapLayout(map), [shape]);
  return (
    <svg
      class="map"
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-labelledby={id}
      data-testid="service-map"
    >
      <title id={id}>Services and the calls between them; the table below has the same numbers</title>
      {map.edges.map((edge) => {
        const [from, to] = [boxes.get(edge.from), boxes.get(edge.to)];
        return from === undefined || to === undefined ? null : (
          <CallEdge key={`${edge.from}-${edge.to}`} edge={edge} d={routeAcross(from, to)} />
        );
      })}
      {map.nodes.map((node) => {
        const box = boxes.get(node.service);
        return box === undefined ? null : <ServiceBox key={node.service} node={node} box={box} />;
      })}
    </svg>
  );
}

function CallEdge({ edge, d }: { readonly edge: MapEdge; readonly d: string }): VNode {
  const look = healthLook(edge);
  return (
    <path
      class={`call tone-${look.tone} ${look.tone === 'bad' ? 'call-failing' : ''}`}
      d={d}
      stroke-width={strokeOf(edge.ratePerSecond)}
    >
      <title>{`${edge.from} calls ${edge.to}: ${perSecond(edge.ratePerSecond)}, ${percent(errorRatio(edge))} errors, p95 ${duration(edge.p95Ms)}`}</title>
    </path>
  );
}

function ServiceBox({ node, box }: { readonly node: MapNode; readonly box: Box }): VNode {
  const look = healthLook(node);
  return (
    <g
      class={`service tone-${look.tone}`}
      transform={`translate(${box.x - box.width / 2} ${box.y - box.height / 2})`}
      data-service={node.service}
    >
      <rect
        class={`service-box service-${look.word}`}
        width={box.width}
        height={box.height}
        rx={look.tone === 'bad' ? 0 : 8}
      />
      <g class="service-sign" transform="translate(9 8) scale(.875)">
        <IconPath name={look.icon} />
      </g>
      <text class="service-name" x="29" y="15.5">
        {node.service}
      </text>
      <text class="service-numbers" x="10" y="34">
        {perSecond(node.ratePerSecond)} · {look.word}
        {node.errors > 0 ? ` ${percent(errorRatio(node))}` : ''}
      </text>
      <text class="service-numbers" x="10" y="48">
        {node.calls === 0 ? ' ' : `p50 ${duration(node.p50Ms)} · p95 ${duration(node.p95Ms)}`}
      </text>
    </g>
  );
}
