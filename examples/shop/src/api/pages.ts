/** Serves the built page, with headers that let it load nothing from elsewhere. */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, extname, join, normalize } from 'node:path';
import type { Context } from 'hono';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.json': 'application/json',
  '.woff2': 'font/woff2',
};

export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

/** Folder of the dashboard's build. */
const PAGE = join(
  dirname(createRequire(import.meta.url).resolve('@holdfast/dashboard/package.json')),
  'dist',
  'page',
);

export async function page(c: Context): Promise<Response> {
  const path = normalize(c.req.path === '/' ? '/index.html' : c.req.path);
  const type = TYPES[extname(path)];
  if (type === undefined || path.includes('..')) return notFound();
  try {
    const bytes = await readFile(join(PAGE, path));
    // Vite names assets by their content, so they never change; the page itself may.
    const cache = path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache';
    return new Response(new Uint8Array(bytes), { headers: { 'content-type': type, 'cache-control': cache } });
  } catch {
    return notFound();
  }
}

function notFound(): Response {
  return new Response(
    'There is nothing here. The page is at /, the API is described at /api/openapi.json.\n',
    {
      status: 404,
      headers: { 'content-type': 'text/plain; charset=utf-8' },
    },
  );
}
