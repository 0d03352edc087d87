/** The page's beginning: state, live stream, tree. */
import './styles/tokens.css';
import './styles/base.css';
import './styles/layout.css';
import './styles/forms.css';
import './styles/instruments.css';
import './styles/drawings.css';
import { render } from 'preact';
import { App } from './app.tsx';
import { type Dashboard, DashboardContext } from './dashboard.ts';
import { shopApi } from './live/api.ts';
import { eventStream } from './live/event-stream.ts';
import { liveStore } from './live/live-store.ts';

const api = shopApi();
const live = liveStore(api);
const stream = eventStream({
  url: '/api/events',
  onEvent: live.apply,
  onConnection: (connection) => {
    live.connection.value = connection;
  },
});
const dashboard: Dashboard = { live, api, reconnect: stream.reconnect };
const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app to draw in');
render(
  <DashboardContext.Provider value={dashboard}>
    <App />
  </DashboardContext.Provider>,
  root,
);
