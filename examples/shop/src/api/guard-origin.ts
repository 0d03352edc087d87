/**
 * Refuses what a web page elsewhere could make a browser send: a foreign Host (DNS rebinding) or a
 * foreign Origin. The shop serves the machine it runs on and nobody else.
 */
import { ProblemError } from './problems.ts';

const LOCAL_NAMES = ['127.0.0.1', 'localhost'];

/** Pure. @throws ProblemError 403 naming the header at fault. */
export function refuseForeign(headers: Headers, port: number): void {
  const hosts = LOCAL_NAMES.map((name) => `${name}:${port}`);
  const host = headers.get('host');
  if (host === null || !hosts.includes(host)) {
    throw foreign('Host', host, hosts.join(' or '));
  }
  const origin = headers.get('origin');
  if (origin !== null && !hosts.some((each) => origin === `http://${each}`)) {
    throw foreign('Origin', origin, hosts.map((each) => `http://${each}`).join(' or '));
  }
}

function foreign(header: string, value: string | null, allowed: string): ProblemError {
  return new ProblemError({
    status: 403,
    code: 'HF_SHOP_FOREIGN_REQUEST',
    title: 'Foreign request refused',
    detail: `the ${header} header is ${value === null ? 'missing' : JSON.stringify(value.slice(0, 100))}; this shop answers only ${allowed}`,
    errors: [{ pointer: `/headers/${header.toLowerCase()}`, detail: `must be ${allowed}` }],
  });
}
