/** Drives the stock `@aws-sdk/client-sfn`: one JSON request a line in, one JSON answer a line out. */
import { createInterface } from 'node:readline';
import { SFN } from '@aws-sdk/client-sfn';

const clients = new Map<string, SFN>();

for await (const line of createInterface(process.stdin)) {
  const request: { id: number; endpoint: string; operation: string; input: object } = JSON.parse(line);
  send(request.endpoint, request.operation, request.input).then((answer) => {
    process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
  });
}

/** `operation` is a method of the client: `startExecution`. */
async function send(endpoint: string, operation: string, input: object): Promise<object> {
  const client = clientFor(endpoint);
  const method: unknown = Reflect.get(client, operation);
  try {
    if (typeof method !== 'function') throw new TypeError(`the SDK has no operation ${operation}`);
    return { result: await Reflect.apply(method, client, [input]) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Unknown', message: String(error) };
    return { error: { name, message } };
  }
}

/** Tries once: the tests want to see every failure. */
function clientFor(endpoint: string): SFN {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client =
    clients.get(endpoint) ?? new SFN({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  clients.set(endpoint, client);
  return client;
}
