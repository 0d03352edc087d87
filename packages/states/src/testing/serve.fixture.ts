/**
 * A whole engine with its server in a process of its own, for tests that need a real one to talk to or to kill.
 * Run with `node --conditions=holdfast-source serve.fixture.ts <folder> <lambda endpoint…>`; prints its URL.
 */
import { join } from 'node:path';
import { lambdaInvoker, openEngine, serveStates } from '../index.ts';

const [folder = '.', ...endpoints] = process.argv.slice(2);
const engine = openEngine({ path: join(folder, 'states.sqlite'), invoke: lambdaInvoker({ endpoints }) });
const server = await serveStates({ engine, port: 0 });
process.stdout.write(`${server.url}\n`);
process.once('SIGTERM', async () => {
  await server.close();
  await engine[Symbol.asyncDispose]();
});
