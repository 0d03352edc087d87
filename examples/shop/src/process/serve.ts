/** Serves a Hono app on 127.0.0.1 and says why it cannot. */
import { createServer, type Server } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { Hono } from 'hono';

export interface Served {
  readonly port: number;
  close(): Promise<void>;
}

export async function serveApp(app: Pick<Hono, 'fetch'>, port: number): Promise<Served> {
  const server = createServer(getRequestListener(app.fetch));
  await listening(server, port);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      // Long-lived answers (event streams, hanging calls) would keep the process for ever.
      setTimeout(() => server.closeAllConnections(), 300).unref();
      await closed;
    },
  };
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`port ${port} on 127.0.0.1 is in use`) : error),
    );
    server.listen({ port, host: '127.0.0.1' }, resolve);
  });
}
