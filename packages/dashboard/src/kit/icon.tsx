/** The page's few signs, drawn here so that no font and no other host is needed. Decorative: a word always stands beside them. */
import type { VNode } from 'preact';
import type { IconName } from './tone.model.ts';

const PATHS: Readonly<Record<IconName, string>> = {
  check: 'M3.2 8.6 6.4 11.8 12.8 4.8',
  cross: 'M4 4l8 8M12 4l-8 8',
  undo: 'M3.5 6.5h6a3.2 3.2 0 0 1 0 6.4H7M6.2 3.4 3 6.5l3.2 3.1',
  retry: 'M12.6 8A4.6 4.6 0 1 1 11 4.5M11.4 1.8v3.1H8.3',
  dot: 'M8 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8z',
  alert: 'M8 2.2 14.4 13.4H1.6zM8 6.4v3.2M8 11.4v.2',
  half: 'M8 2.6a5.4 5.4 0 1 0 0 10.8zM8 2.6a5.4 5.4 0 0 1 0 10.8',
  minus: 'M4 8h8',
  ring: 'M8 3.4a4.6 4.6 0 1 0 0 9.2 4.6 4.6 0 0 0 0-9.2z',
  copy: 'M5.6 5.6h7v7.4h-7zM10.4 5.4V3H3.4v7.4h2',
  sun: 'M8 5.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2zM8 1.6v1.6M8 12.8v1.6M1.6 8h1.6M12.8 8h1.6M3.5 3.5l1.1 1.1M11.4 11.4l1.1 1.1M12.5 3.5l-1.1 1.1M4.6 11.4l-1.1 1.1',
  moon: 'M12.8 9.6A5.4 5.4 0 0 1 6.4 3.2a5.4 5.4 0 1 0 6.4 6.4z',
  chevron: 'M6 3.6 10.4 8 6 12.4',
  plus: 'M8 3.4v9.2M3.4 8h9.2',
};
const FILLED: ReadonlySet<IconName> = new Set<IconName>(['dot']);

export function Icon({ name }: { readonly name: IconName }): VNode {
  return (
    <svg
      class={`icon icon-${name}`}
      viewBox="0 0 16 16"
      width="16"
      height="16"
      aria-hidden="true"
      focusable="false"
    >
      <IconPath name={name} />
    </svg>
  );
}

/** The same sign inside a drawing of 16 units a side. */
export function IconPath({ name }: { readonly name: IconName }): VNode {
  return (
    <g>
      <path d={PATHS[name]} class={FILLED.has(name) ? 'icon-fill' : 'icon-line'} />
      {name === 'half' && <path d="M8 2.6a5.4 5.4 0 1 0 0 10.8z" class="icon-fill" />}
    </g>
  );
}
