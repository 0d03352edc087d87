/**
 * A list to choose one entry from: one tab stop, arrows move the choice (WAI-ARIA listbox). The focus stays on the
 * list itself, so that entries may come and go under it.
 */
import type { ComponentChildren, VNode } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { moved } from './listbox.model.ts';
import { Pure } from './pure.tsx';

export interface ListboxProps<T> {
  readonly label: string;
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** Of the entry on show, chosen or followed. */
  readonly selectedKey: string | undefined;
  readonly onChoose: (item: T) => void;
  /** Must be the same function at every draw; see {@link Pure}. */
  readonly row: (item: T) => ComponentChildren;
  readonly rowTestId: string;
  readonly empty: string;
}

export function Listbox<T>(props: ListboxProps<T>): VNode {
  const { label, items, keyOf, selectedKey, onChoose, row, rowTestId, empty } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const byKeyboard = useRef(false);
  const selected = items.findIndex((item) => keyOf(item) === selectedKey);
  useEffect(() => {
    if (!byKeyboard.current || selectedKey === undefined) return;
    byKeyboard.current = false;
    document.getElementById(`${id}-${selectedKey}`)?.scrollIntoView({ block: 'nearest' });
  }, [selectedKey]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = items[moved(event.key, selected, items.length) ?? -1];
    if (next === undefined) return;
    event.preventDefault();
    byKeyboard.current = true;
    onChoose(next);
  };
  if (items.length === 0) return <p class="empty">{empty}</p>;
  return (
    <div
      ref={list}
      class="listbox"
      role="listbox"
      tabIndex={0}
      aria-label={label}
      aria-activedescendant={selected < 0 ? undefined : `${id}-${selectedKey}`}
      onKeyDown={onKeyDown}
    >
      {items.map((item) => {
        const key = keyOf(item);
        return (
          <Pure
            key={key}
            value={item}
            selected={key === selectedKey}
            render={(value, chosen) => (
              // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the listbox's, which has the focus.
              // biome-ignore lint/a11y/useFocusableInteractive: aria-activedescendant names it; the listbox has the focus.
              <div
                class="option"
                role="option"
                id={`${id}-${key}`}
                aria-selected={chosen}
                data-testid={rowTestId}
                data-key={key}
                onClick={() => onChoose(value)}
              >
                {row(value)}
              </div>
            )}
          />
        );
      })}
    </div>
  );
}
