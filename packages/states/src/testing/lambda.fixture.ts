/** A Lambda Invoke API in this process, for tests: remembers every call and answers as it is told. */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { Json } from '../json/json.ts';

export interface LambdaCall {
  readonly name: string;
  /** What stands behind the question mark. */
  readonly query: string;
  readonly payload: Json;
  readonly token: string;
  readonly headers: IncomingHttpHeaders;
}

export interface LambdaAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json;
  /** Default 0: at once. */
  readonly delayMs?: number;
}

export interface FakeLambda extends AsyncDisposable {
  readonly url: string;
  readonly calls: readonly LambdaCall[];
  /** Calls whose caller went away before the answer. */
  readonly aborted: readonly LambdaCall[];
}

export async function fakeLambda(answer: (call: LambdaCall) => LambdaAnswer): Promise<FakeLambda> {
  const calls: LambdaCall[] = [];
  const aborted: LambdaCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const query = (request.url ?? '').split('?')[1] ?? '';
      const name = decodeURIComponent(/functions\/([^/]+)\/invocations/.exec(request.url ?? '')?.[1] ?? '');
      const text = Buffer.concat(chunks).toString('utf8');
      const token = String(request.headers['x-holdfast-idempotency-token'] ?? '');
      const call = {
        name,
        query,
        payload: JSON.parse(text === '' ? 'null' : text),
        token,
        headers: request.headers,
      };
      calls.push(call);
      const { status = 200, headers = {}, body, delayMs = 0 } = answer(call);
      response.on('close', () => {
        if (!response.writableFinished) aborted.push(call);
      });
      const send = (): void => {
        response.writeHead(status, {
          'content-type': 'application/json',
          'x-amz-executed-version': '$LATEST',
          ...headers,
        });
        response.end(JSON.stringify(body));
      };
      if (delayMs === 0) send();
      else setTimeout(send, delayMs).unref();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    aborted,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
