/** The feed as server-sent events. Pull-based: nothing is read from the journal before the reader has room for it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Engine } from '../engine/api.ts';

/** A comment line goes out this often, so that both sides notice a dead connection. */
const HEARTBEAT_MS = 15_000;
/** A reader that takes nothing for this long is cut off; it resumes with `after`. */
const STALLED_MS = 30_000;

/** Streams until the reader leaves, stalls, or `signal` aborts. */
export async function streamFeed(
  engine: Engine,
  request: IncomingMessage,
  response: ServerResponse,
  after: number,
  signal: AbortSignal,
): Promise<void> {
  const left = new AbortController();
  const end = (): void => left.abort();
  request.on('close', end);
  response.on('close', end);
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  });
  response.write(': holdfast feed\n\n');
  const heartbeat = setInterval(() => response.write(': \n\n'), HEARTBEAT_MS);
  try {
    for await (const record of engine.feed(after, AbortSignal.any([signal, left.signal]))) {
      const full = !response.write(`id: ${record.sequence}\ndata: ${JSON.stringify(record)}\n\n`);
      if (full && !(await drained(response))) return;
    }
  } finally {
    clearInterval(heartbeat);
    response.end();
  }
}

function drained(response: ServerResponse): Promise<boolean> {
  return new Promise((resolve) => {
    const done = (ok: boolean): void => {
      clearTimeout(timer);
      response.off('drain', drain);
      response.off('close', close);
      if (!ok) response.destroy();
      resolve(ok);
    };
    const drain = (): void => done(true);
    const close = (): void => done(false);
    const timer = setTimeout(close, STALLED_MS);
    response.on('drain', drain);
    response.on('close', close);
  });
}
