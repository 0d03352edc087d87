/** The order saga on the engine, driven by AWS's own SDK: the same code talks to AWS Step Functions. */
import {
  CreateStateMachineCommand,
  ExecutionAlreadyExists,
  SFNClient,
  StartExecutionCommand,
  StateMachineAlreadyExists,
  UpdateStateMachineCommand,
} from '@aws-sdk/client-sfn';
import { readSaga, SAGA_NAME } from '../../saga/definition.ts';

const REGION = 'us-east-1';
const ACCOUNT = '000000000000';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/holdfast-shop`;
const MACHINE_ARN = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${SAGA_NAME}`;
/** A start that takes longer is left to the outbox. */
const REQUEST_TIMEOUT_MS = 2_000;

export interface SagaClient {
  /** Makes the state machine, or brings it up to the present definition. */
  install(): Promise<void>;
  /** Idempotent by `orderId`: a second start of the same order does nothing. */
  start(orderId: string, input: object, headers: Readonly<Record<string, string>>): Promise<void>;
  close(): void;
}

export function sagaClient(engineUrl: string): SagaClient {
  const client = new SFNClient({
    endpoint: engineUrl,
    region: REGION,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 2,
  });
  return {
    install: async () => {
      const { text } = readSaga();
      try {
        await client.send(
          new CreateStateMachineCommand({ name: SAGA_NAME, definition: text, roleArn: ROLE }),
        );
      } catch (error) {
        if (!(error instanceof StateMachineAlreadyExists)) throw error;
        await client.send(new UpdateStateMachineCommand({ stateMachineArn: MACHINE_ARN, definition: text }));
      }
    },
    start: async (orderId, input, headers) => {
      const command = new StartExecutionCommand({
        stateMachineArn: MACHINE_ARN,
        name: orderId,
        input: JSON.stringify(input),
      });
      command.middlewareStack.add(
        (next) => async (args) => {
          if (hasHeaders(args.request)) Object.assign(args.request.headers, headers);
          return await next(args);
        },
        { step: 'build', name: 'correlation' },
      );
      try {
        await client.send(command, { abortSignal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
      } catch (error) {
        // The engine has this order already, and it has ended or was given in other words: either way it is there.
        if (!(error instanceof ExecutionAlreadyExists)) throw error;
      }
    },
    close: () => client.destroy(),
  };
}

function hasHeaders(request: unknown): request is { headers: Record<string, string> } {
  return typeof request === 'object' && request !== null && 'headers' in request;
}
