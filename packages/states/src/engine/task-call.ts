/** Makes the call that an invoker gets out of the command that the interpreter gave. */
import type { InvokeCommand } from '../interpreter/protocol.ts';
import { present } from './present.ts';
import type { ExecutionIdentity } from './replay.ts';
import type { TaskCall } from './tasks.ts';

/** `resumed`: the engine was restarted and cannot know whether this call has been made before. */
export function taskCall(identity: ExecutionIdentity, command: InvokeCommand, resumed: boolean): TaskCall {
  return {
    executionArn: identity.arn,
    executionName: identity.name,
    stateMachineName: identity.machineName,
    stateName: command.stateName,
    attempt: command.attempt,
    token: command.token,
    resumed,
    resource: command.resource,
    parameters: command.parameters,
    correlationId: identity.correlationId,
    ...present({ traceparent: identity.traceparent, traceHeader: identity.traceHeader }),
  };
}
