/** Decides what a Task's Resource is, and refuses by name every integration this engine cannot run. */
import type { Fields } from './fields.ts';
import type { Resource } from './program.ts';

const FUNCTION_ARN = /^arn:[\w-]+:lambda:[\w-]+:\d+:function:[\w-]+(?::[\w$-]+)?$/;
const LAMBDA_INVOKE = /^arn:[\w-]+:states:[\w-]*:\d*:lambda:invoke$/;
const ACTIVITY_ARN = /^arn:[\w-]+:states:[\w-]+:\d+:activity:.+$/;

export function compileResource(fields: Fields): Resource | undefined {
  const arn = fields.string('Resource');
  if (arn === undefined) return undefined;
  if (LAMBDA_INVOKE.test(arn)) return { kind: 'lambda-invoke', arn };
  if (FUNCTION_ARN.test(arn)) return { kind: 'function', arn };
  fields.problems.unsupported(fields.at('Resource'), refusal(arn));
  return undefined;
}

function refusal(arn: string): string {
  const supported = 'supported are Lambda function ARNs and arn:aws:states:::lambda:invoke';
  if (arn.endsWith('.waitForTaskToken'))
    return `Waiting for a task token (${arn}) is not supported by this engine yet; ${supported}`;
  if (/\.sync(?::\d+)?$/.test(arn))
    return `Waiting for a job (${arn}) is not supported by this engine; ${supported}`;
  if (ACTIVITY_ARN.test(arn)) return `Activities (${arn}) are not supported by this engine yet; ${supported}`;
  return `The resource ${arn} is not supported by this engine; ${supported}`;
}
