/** Shapes what the Invoke API answered into the result or the error that Step Functions shows. */
import type { TaskCall } from '../engine/tasks.ts';
import type { TaskOutcome } from '../interpreter/protocol.ts';
import { type Json, member, parseJson } from '../json/json.ts';
import type { InvokeRequest, InvokeResponse } from './request.ts';

/** The function returned: its value, or for lambda:invoke the whole answer around it. */
export function okOutcome(response: InvokeResponse, call: TaskCall, request: InvokeRequest): TaskOutcome {
  const payload = payloadOf(response.body);
  if (call.resource.kind === 'function') return { ok: true, output: payload };
  const version = response.headers['x-amz-executed-version'];
  return {
    ok: true,
    output: {
      ...(typeof version === 'string' ? { ExecutedVersion: version } : {}),
      ...(request.event && response.body === '' ? {} : { Payload: payload }),
      SdkHttpMetadata: { ...headersOf(response.rawHeaders), HttpStatusCode: response.status },
      SdkResponseMetadata: { RequestId: requestId(response) },
      StatusCode: response.status,
    },
  };
}

function payloadOf(body: string): Json {
  if (body === '') return null;
  try {
    return parseJson(body);
  } catch {
    return body;
  }
}

function headersOf(raw: readonly string[]): { readonly [key: string]: Json } {
  const all = new Map<string, string[]>();
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = raw[i] ?? '';
    all.set(name, [...(all.get(name) ?? []), raw[i + 1] ?? '']);
  }
  const first = [...all].map(([name, values]): [string, Json] => [name, values[0] ?? '']);
  return { AllHttpHeaders: Object.fromEntries(all), HttpHeaders: Object.fromEntries(first) };
}

function requestId(response: InvokeResponse): string {
  const id = response.headers['x-amzn-requestid'];
  return typeof id === 'string' ? id : '';
}

/**
 * Lambda refused or broke: `Lambda.<Code>` with the sentence of the AWS SDK for Java, which Step Functions shows.
 * An answer over 500 without a code is `Lambda.ServiceException`.
 */
export function errorOutcome(response: InvokeResponse): TaskOutcome {
  const code = errorCode(response);
  const message = errorMessage(response.body) ?? `HTTP status ${response.status}`;
  const details = [
    'Service: AWSLambda',
    `Status Code: ${response.status}`,
    `Error Code: ${code}`,
    `Request ID: ${requestId(response)}`,
    'Proxy: null',
  ];
  return { ok: false, error: `Lambda.${code}`, cause: `${message} (${details.join('; ')})` };
}

function errorCode(response: InvokeResponse): string {
  const header = response.headers['x-amzn-errortype'];
  const named = typeof header === 'string' ? /^[A-Za-z]+/.exec(header)?.[0] : undefined;
  if (named !== undefined) return named;
  if (response.status === 404) return 'ResourceNotFoundException';
  if (response.status === 429) return 'TooManyRequestsException';
  return response.status >= 500 ? 'ServiceException' : 'AWSLambdaException';
}

function errorMessage(body: string): string | undefined {
  const value = payloadOf(body);
  const message = member(value, 'Message') ?? member(value, 'message') ?? member(value, 'errorMessage');
  return typeof message === 'string' ? message : undefined;
}
