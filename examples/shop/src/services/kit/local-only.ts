/** Keeps web pages of others away from the services. */
import type { MiddlewareHandler } from 'hono';
import { ProblemError } from './problems.ts';
import type { ServiceEnvironment } from './service.ts';

const LOCAL_HOST = /^(127\.0\.0\.1|localhost)(:\d{1,5})?$/;

/**
 * Refuses a foreign Host (DNS rebinding) and every Origin: only other services call, never a page.
 * @throws ProblemError `foreign-request` naming the header at fault.
 */
export const localOnly: MiddlewareHandler<ServiceEnvironment> = async (request, next) => {
  const host = request.req.header('host') ?? '';
  const origin = request.req.header('origin');
  if (!LOCAL_HOST.test(host)) throw foreign('host', host, 'must be 127.0.0.1 or localhost');
  if (origin !== undefined) throw foreign('origin', origin, 'must be absent');
  await next();
};

function foreign(header: string, value: string, rule: string): ProblemError {
  const detail = `the ${header} header ${rule}, but is "${value.slice(0, 100)}": only services of this machine are answered`;
  return new ProblemError('foreign-request', detail, [{ pointer: `/headers/${header}`, detail: rule }]);
}
