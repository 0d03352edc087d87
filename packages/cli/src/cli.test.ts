import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const LAMBDA = ['--lambda-endpoint', 'http://127.0.0.1:9'];

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'holdfast-cli-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(args: readonly string[]): ReturnType<typeof spawn> {
  return spawn(process.execPath, ['--conditions=holdfast-source', MAIN, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

async function holdfast(...args: readonly string[]): Promise<Run> {
  const child = start(args);
  const [out, err, [code]] = await Promise.all([
    collect(child.stdout),
    collect(child.stderr),
    once(child, 'close'),
  ]);
  return { code, out, err };
}

async function collect(stream: NodeJS.ReadableStream | null): Promise<string> {
  const chunks: string[] = [];
  for await (const chunk of stream ?? []) chunks.push(String(chunk));
  return chunks.join('');
}

/** Starts `states serve` and waits for its line. */
async function serving(
  args: readonly string[],
): Promise<{ child: ReturnType<typeof spawn>; line: string; url: string }> {
  const child = start(['states', 'serve', ...args]);
  const failed = collect(child.stderr).then((text) => {
    throw new Error(text);
  });
  failed.catch(() => {});
  const [line = ''] = await Promise.race([
    once(createInterface(child.stdout ?? process.stdin), 'line'),
    failed,
  ]);
  return { child, line: String(line), url: /http:\/\/\S+?(?=,)/.exec(String(line))?.[0] ?? '' };
}

test('--version is the version of the package', async () => {
  const manifest: { version: string } = JSON.parse(
    await readFile(new URL('../package.json', import.meta.url), 'utf8'),
  );
  expect(await holdfast('--version')).toEqual({ code: 0, out: `${manifest.version}\n`, err: '' });
});

test.each([
  { args: ['--help'], says: ['Usage: holdfast', 'states'] },
  { args: ['states', '--help'], says: ['serve', 'validate'] },
  {
    args: ['states', 'serve', '--help'],
    says: ['--port', 'default: 8083', '--data', '--lambda-endpoint', '--log-level', 'default: "warn"'],
  },
])('$args names what there is', async ({ args, says }) => {
  const { code, out } = await holdfast(...args);
  expect(code).toBe(0);
  for (const word of says) expect(out).toContain(word);
});

describe('states validate', () => {
  test('a valid definition', async () => {
    const file = join(folder, 'good.json');
    await writeFile(file, '{"StartAt":"S","States":{"S":{"Type":"Succeed"}}}');
    expect(await holdfast('states', 'validate', file)).toEqual({ code: 0, out: `${file}: valid\n`, err: '' });
  });

  test('each problem is a line, and the exit code says so', async () => {
    const file = join(folder, 'bad.json');
    await writeFile(file, '{"StartAt":"S","States":{"S":{"Type":"Pass","Next":"X"}}}');
    const out = "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/S/Next\n";
    expect(await holdfast('states', 'validate', file)).toMatchObject({
      code: 1,
      out: expect.stringContaining(out),
    });
  });

  test('a file that is not there is one line', async () => {
    const { code, err } = await holdfast('states', 'validate', join(folder, 'none.json'));
    expect(code).toBe(1);
    expect(err).toMatch(/^holdfast: cannot read .*none\.json: ENOENT[^\n]*\n$/);
  });
});

describe('states serve', () => {
  test('says where it listens, answers, and ends cleanly at a signal', async () => {
    const data = join(folder, 'made', 'when', 'absent');
    const { child, line, url } = await serving(['--port', '0', '--data', data, ...LAMBDA]);
    expect(line).toBe(`holdfast states: serving the Step Functions API on ${url}, data in ${data}`);
    const health = await fetch(`${url}/holdfast/health`);
    expect(await health.json()).toMatchObject({ status: 'ok' });
    const closed = once(child, 'close');
    child.kill('SIGTERM');
    expect(await closed).toEqual([0, null]);
  });

  test.each<[why: string, args: () => Promise<{ args: string[]; free: () => Promise<void> }>, line: RegExp]>([
    ['a port in use', portInUse, /^holdfast: port \d+ is in use; choose another with --port\n$/],
    [
      'a folder that cannot be written',
      unwritable,
      /^holdfast: cannot start: (EACCES|ENOTDIR|EROFS)[^\n]*\n$/,
    ],
    [
      'a folder in use',
      folderInUse,
      /^holdfast: cannot start: the data file \S+ is in use by another engine; stop it first[^\n]*\n$/,
    ],
    [
      'an endpoint that is no URL',
      async () => ({
        args: ['--port', '0', '--data', folder, '--lambda-endpoint', 'here'],
        free: async () => {},
      }),
      /^holdfast: cannot start: lambdaInvoker: endpoints must be http[^\n]*\n$/,
    ],
  ])('%s is one clear line and exit 1', async (_why, prepare, line) => {
    const { args, free } = await prepare();
    const run = await holdfast('states', 'serve', ...args);
    await free();
    expect(run).toMatchObject({ code: 1, out: '' });
    expect(run.err).toMatch(line);
  });

  test.each([
    { args: ['--data', 'x'], says: /required option '--lambda-endpoint/ },
    { args: [...LAMBDA], says: /required option '--data/ },
    { args: ['--data', 'x', ...LAMBDA, '--port', '70000'], says: /must be an integer from 0 to 65535/ },
    {
      args: ['--data', 'x', ...LAMBDA, '--log-level', 'loud'],
      says: /Allowed choices are fatal, error, warn/,
    },
  ])('refuses $args', async ({ args, says }) => {
    const { code, err } = await holdfast('states', 'serve', ...args);
    expect(code).toBe(1);
    expect(err).toMatch(says);
  });
});

async function portInUse(): Promise<{ args: string[]; free: () => Promise<void> }> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const free = async (): Promise<void> => {
    server.close();
    await once(server, 'close');
  };
  return { args: ['--port', String(port), '--data', folder, ...LAMBDA], free };
}

/** A file where the folder should be: it stops root too, whom permissions do not. */
async function unwritable(): Promise<{ args: string[]; free: () => Promise<void> }> {
  const file = join(folder, 'file');
  await writeFile(file, '');
  await chmod(file, 0o400);
  return { args: ['--port', '0', '--data', join(file, 'data'), ...LAMBDA], free: async () => {} };
}

async function folderInUse(): Promise<{ args: string[]; free: () => Promise<void> }> {
  const args = ['--port', '0', '--data', folder, ...LAMBDA];
  const { child } = await serving(args);
  const free = async (): Promise<void> => {
    const closed = once(child, 'close');
    child.kill('SIGINT');
    await closed;
  };
  return { args, free };
}
