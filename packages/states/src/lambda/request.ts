/** Turns a task call into a request of the Lambda Invoke API. */
import type { IncomingHttpHeaders } from 'node:http';
import type { TaskCall } from '../engine/tasks.ts';
import { type Json, member } from '../json/json.ts';

/** A response of the Invoke API. */
export interface InvokeResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface InvokeRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** `Event` calls are only queued by Lambda: there is no result. */
  readonly event: boolean;
}

export function invokeRequest(call: TaskCall): InvokeRequest {
  return call.resource.kind === 'function'
    ? {
        path: pathOf(call.resource.arn, undefined),
        headers: {},
        body: JSON.stringify(call.parameters),
        event: false,
      }
    : optimised(call.parameters);
}

/** lambda:invoke: Parameters are the Invoke request. */
function optimised(parameters: Json): InvokeRequest {
  const text = (name: string): string | undefined => {
    const value = member(parameters, name);
    return typeof value === 'string' ? value : undefined;
  };
  const payload = member(parameters, 'Payload');
  const type = text('InvocationType');
  const context = member(parameters, 'ClientContext');
  const encoded =
    typeof context === 'string'
      ? context
      : context && Buffer.from(JSON.stringify(context)).toString('base64');
  const logType = text('LogType');
  return {
    path: pathOf(text('FunctionName') ?? '', text('Qualifier')),
    headers: {
      ...(type === undefined ? {} : { 'x-amz-invocation-type': type }),
      ...(typeof encoded === 'string' ? { 'x-amz-client-context': encoded } : {}),
      ...(logType === undefined ? {} : { 'x-amz-log-type': logType }),
    },
    body: payload === undefined ? '' : JSON.stringify(payload),
    event: type === 'Event',
  };
}

/** A function may be named by name, `name:qualifier`, partial or full ARN; endpoints are asked by plain name. */
function pathOf(functionName: string, qualifier: string | undefined): string {
  const [name = '', inName] = functionName
    .replace(/^(?:arn:[^:]*:lambda:[^:]*:[^:]*:|[^:]*:)?function:/, '')
    .split(':');
  const version = qualifier ?? inName;
  const query = version === undefined ? '' : `?Qualifier=${encodeURIComponent(version)}`;
  return `/2015-03-31/functions/${encodeURIComponent(name)}/invocations${query}`;
}
