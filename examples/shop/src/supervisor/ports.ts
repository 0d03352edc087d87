/**
 * Finds free ports for the shop's processes before any of them starts, so that all can start at once
 * and keep their address over a restart. Taken from 20,000–29,999: below the range from which systems
 * take ports for outgoing connections, so that a client cannot sit on a restarting server's port.
 */
import { createServer } from 'node:net';
import { PortInUseError } from './errors.ts';

const FIRST = 20_000;
const COUNT = 10_000;

/** True when nothing listens on `port` of 127.0.0.1. */
export async function isFree(port: number): Promise<boolean> {
  return await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}

/** `count` distinct free ports other than `taken`, looked for from a random place on. */
export async function freePorts(count: number, taken?: number): Promise<readonly number[]> {
  const found: number[] = [];
  const start = Math.floor(Math.random() * COUNT);
  for (let step = 0; step < COUNT && found.length < count; step += 1) {
    const port = FIRST + ((start + step) % COUNT);
    if (port !== taken && (await isFree(port))) found.push(port);
  }
  if (found.length < count)
    throw new PortInUseError(`no ${count} free ports between ${FIRST} and ${FIRST + COUNT - 1}`);
  return found;
}

/** The port asked for, or one clear error. Waits up to `patienceMs` for a process that is just ending. */
export async function claimPort(port: number, patienceMs: number): Promise<number> {
  if (port === 0) {
    const [free] = await freePorts(1);
    return free ?? 0;
  }
  const giveUpAt = Date.now() + patienceMs;
  while (!(await isFree(port))) {
    if (Date.now() >= giveUpAt) {
      throw new PortInUseError(
        `port ${port} on 127.0.0.1 is in use; end what listens there or choose another with --port`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return port;
}
