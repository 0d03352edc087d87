/** The API's description, served as it lies in the repository. */
import { readFileSync } from 'node:fs';

let cached: unknown;

export function openApiDocument(): object {
  cached ??= JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'));
  return cached ?? {};
}
