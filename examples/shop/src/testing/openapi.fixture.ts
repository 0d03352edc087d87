/** Holds real answers against openapi.json: unknown status, content type or shape fails the test. */
import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect } from 'vitest';

interface Described {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: object;
}

interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >;
}

const description: Described = JSON.parse(
  readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8'),
);
const ajv = new Ajv2020({ strict: false, allErrors: true });
ajv.addSchema({ $id: 'openapi', components: description.components });

export interface Exchange {
  readonly operationId: string;
  readonly status: number;
}

/** Every operation and status seen so far. */
export const seen: Exchange[] = [];

export function allOperations(): readonly string[] {
  return Object.values(description.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
}

/** Checks one answer against its description and returns its body, parsed. */
export async function asDescribed<T>(method: string, path: string, response: Response): Promise<T> {
  const operation = operationOf(method, path.split('?')[0] ?? path);
  const described = operation.responses[String(response.status)];
  const text = await response.text();
  expect(
    described,
    `${method} ${path} answered ${response.status}, which openapi.json does not name: ${text.slice(0, 300)}`,
  ).toBeDefined();
  const type = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
  const schema = described?.content?.[type]?.schema;
  expect(
    schema,
    `${method} ${path} answered ${response.status} as ${type}, which openapi.json does not name`,
  ).toBeDefined();
  const body: T = JSON.parse(text);
  const validate = ajv.compile(local(schema));
  validate(body);
  expect(validate.errors ?? [], `${method} ${path} ${response.status}`).toEqual([]);
  seen.push({ operationId: operation.operationId, status: response.status });
  return body;
}

/** References inside of the document, seen from outside. */
function local(schema: object | undefined): object {
  return JSON.parse(JSON.stringify(schema ?? {}).replaceAll('"#/components', '"openapi#/components'));
}

function operationOf(method: string, path: string): Operation {
  for (const [template, methods] of Object.entries(description.paths)) {
    const pattern = new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`);
    const operation = pattern.test(path) ? methods[method.toLowerCase()] : undefined;
    if (operation !== undefined) return operation;
  }
  throw new Error(`openapi.json has no ${method} ${path}`);
}
