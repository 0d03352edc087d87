/** Page sizes and page tokens, with the limits and messages of the Step Functions API. */
import { RequestRefusedError } from './errors.ts';

const MAX_RESULTS = 1_000;
const DEFAULT_RESULTS = 100;

/** 0 and absent mean the default of 100; 1,000 is the most. @throws RequestRefusedError ValidationException. */
export function pageSize(maxResults: number | undefined): number {
  if (maxResults === undefined || maxResults === 0) return DEFAULT_RESULTS;
  if (maxResults > MAX_RESULTS) throw outOfRange(maxResults, `less than or equal to ${MAX_RESULTS}`);
  if (maxResults < 0 || !Number.isInteger(maxResults))
    throw outOfRange(maxResults, 'greater than or equal to 0');
  return maxResults;
}

function outOfRange(value: number, bound: string): RequestRefusedError {
  const what = `Value '${value}' at 'maxResults' failed to satisfy constraint: Member must have value ${bound}`;
  return new RequestRefusedError('ValidationException', `1 validation error detected: ${what}`);
}

/** Where the next page begins. `of` ties the token to the request it came from. */
export function pageToken(of: string, position: string): string {
  return Buffer.from(JSON.stringify([of, position])).toString('base64url');
}

/** The position in `token`. @throws RequestRefusedError InvalidToken, or ValidationException over `maxLength`. */
export function readToken(token: string | undefined, of: string, maxLength: number): string | undefined {
  if (token === undefined) return undefined;
  if (token.length > maxLength) {
    const bound = `Member must have length less than or equal to ${maxLength}`;
    const what = `Value '${token}' at 'nextToken' failed to satisfy constraint: ${bound}`;
    throw new RequestRefusedError('ValidationException', `1 validation error detected: ${what}`);
  }
  const position = decode(token, of);
  if (position === undefined) throw new RequestRefusedError('InvalidToken', "Invalid Token: 'Invalid token'");
  return position;
}

function decode(token: string, of: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(token, 'base64url').toString('utf8'));
    if (!Array.isArray(parsed)) return undefined;
    const [owner, position]: unknown[] = parsed;
    return owner === of && typeof position === 'string' ? position : undefined;
  } catch {
    return undefined;
  }
}
