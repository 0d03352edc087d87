/** Drives the stock `@aws-sdk/client-sfn`: one JSON request a line in, one JSON answer a line out. */
import { createInterface } from 'node:readline';
import * as sdk from '@aws-sdk/client-sfn';

type Commands = Record<string, new (input: object) => never>;

const clients = new Map<string, sdk.SFNClient>();
const commands: Commands = Object.fromEntries(
  Object.entries(sdk).filter(([name]) => name.endsWith('Command')),
) as unknown as Commands;

for await (const line of createInterface(process.stdin)) {
  const request: { id: number; endpoint: string; operation: string; input: object } = JSON.parse(line);
  send(request.endpoint, request.operation, request.input).then((answer) => {
    process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
  });
}

async function send(endpoint: string, operation: string, input: object): Promise<object> {
  const Command = commands[`${operation}Command`];
  if (Command === undefined) return { error: { name: 'NoSuchOperation', message: operation } };
  try {
    return { result: await clientFor(endpoint).send(new Command(input)) };
  } catch (error) {
    const { name, message } = error instanceof Error ? error : { name: 'Unknown', message: String(error) };
    return { error: { name, message } };
  }
}

/** Tries once: the tests want to see every failure. */
function clientFor(endpoint: string): sdk.SFNClient {
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client =
    clients.get(endpoint) ??
    new sdk.SFNClient({ endpoint, region: 'us-east-1', credentials, maxAttempts: 1 });
  clients.set(endpoint, client);
  return client;
}
