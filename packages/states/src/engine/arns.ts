/** ARNs and names: how they are made, read and refused. */
import { RequestRefusedError } from './errors.ts';

/** What AWS allows in names of state machines and executions: 1 to 80 characters, none of these. */
const FORBIDDEN = /[\s<>{}[\]?*"#%\\^|~`$&,;:/\p{Cc}\ufffe\uffff]/u;
const MAX_NAME_LENGTH = 80;

export interface Arns {
  stateMachine(name: string): string;
  execution(stateMachineName: string, name: string): string;
}

export function arnsOf(region: string, account: string): Arns {
  const prefix = `arn:aws:states:${region}:${account}`;
  return {
    stateMachine: (name) => `${prefix}:stateMachine:${name}`,
    execution: (machine, name) => `${prefix}:execution:${machine}:${name}`,
  };
}

/** @throws RequestRefusedError InvalidArn. */
export function checkArn(arn: string, kind: 'stateMachine' | 'execution'): void {
  if (!arn.startsWith('arn:'))
    throw new RequestRefusedError('InvalidArn', `Invalid Arn: 'Invalid ARN prefix: ${arn}'`);
  const [, , service, , , resource] = arn.split(':');
  if (service !== 'states' || resource !== kind) {
    const problem = `Resource type not valid in this context: ${resource ?? ''}`;
    throw new RequestRefusedError('InvalidArn', `Invalid Arn: '${problem}'`);
  }
}

/** @throws RequestRefusedError InvalidName. */
export function checkName(name: string): void {
  if (name === '' || name.length > MAX_NAME_LENGTH || FORBIDDEN.test(name)) {
    throw new RequestRefusedError('InvalidName', `Invalid Name: '${name}'`);
  }
}
