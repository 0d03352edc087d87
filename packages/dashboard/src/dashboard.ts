/** What every component reaches without handing it down: the live state and the shop's routes. */
import { type Context, createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { ShopApi } from './live/api.ts';
import type { LiveStore } from './live/live-store.ts';

export interface Dashboard {
  readonly live: LiveStore;
  readonly api: ShopApi;
  /** Tries the event stream now instead of when its wait is over. */
  readonly reconnect: () => void;
}

export const DashboardContext: Context<Dashboard | undefined> = createContext<Dashboard | undefined>(
  undefined,
);

export function useDashboard(): Dashboard {
  const dashboard = useContext(DashboardContext);
  if (dashboard === undefined) throw new Error('this component must stand inside <App>');
  return dashboard;
}
