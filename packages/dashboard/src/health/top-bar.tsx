/** Name, state of the live stream, theme. */
import { useSignal } from '@preact/signals';
import type { VNode } from 'preact';
import { useDashboard } from '../dashboard.ts';
import { Icon } from '../kit/icon.tsx';
import { connectionWords } from '../live/connection.model.ts';
import { chooseTheme, currentTheme } from './theme.ts';

export function TopBar(): VNode {
  return (
    <header class="top-bar">
      <h1>
        <svg class="logo" viewBox="0 0 32 32" width="22" height="22" aria-hidden="true">
          <rect width="32" height="32" rx="8" class="logo-ground" />
          <path d="M10 8v16M22 8v16M10 16h12" class="logo-line" />
        </svg>
        Holdfast shop
      </h1>
      <ConnectionState />
      <ThemeButton />
    </header>
  );
}

function ConnectionState(): VNode {
  const { live, reconnect } = useDashboard();
  const connection = live.connection.value;
  const live_ = connection.kind === 'live';
  return (
    <div class={`connection connection-${connection.kind}`} data-testid="connection">
      <span class={`mark tone-${live_ ? 'good' : 'warn'}`}>
        <Icon name={live_ ? 'dot' : 'retry'} />
        {/* The countdown is for eyes; a screen reader hears only that the state changed. */}
        <span aria-hidden="true">
          {connectionWords(connection, connection.kind === 'waiting' ? live.nowMs.value : 0)}
        </span>
        <span class="visually-hidden" role="status">
          {live_ ? 'Live' : connection.kind === 'waiting' ? 'The live stream was lost; reconnecting' : ''}
        </span>
      </span>
      {connection.kind === 'waiting' && (
        <button type="button" class="button-quiet" onClick={reconnect}>
          Reconnect now
        </button>
      )}
    </div>
  );
}

function ThemeButton(): VNode {
  const theme = useSignal(currentTheme());
  const toggle = (): void => {
    theme.value = theme.value === 'dark' ? 'light' : 'dark';
    chooseTheme(theme.value);
  };
  return (
    <button
      type="button"
      class="button-quiet theme-button"
      aria-pressed={theme.value === 'dark'}
      onClick={toggle}
    >
      <Icon name={theme.value === 'dark' ? 'moon' : 'sun'} />
      Dark theme
    </button>
  );
}
