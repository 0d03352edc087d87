// npm start for real, in a small repository: what it builds, what it passes on, and that it leaves no process behind.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { workshop } from './workshop.ts';

const printArguments = `process.stdout.write(JSON.stringify(process.argv.slice(2)) + '\\n');`;

describe('npm start', () => {
  test('builds once, then only what changed', async () => {
    using shop = workshop(printArguments);
    const build = async (): Promise<readonly string[]> => {
      expect((await shop.run('start').ended).exitCode).toBe(0);
      return shop.toolsCalled();
    };
    expect(await build()).toEqual(['tsc', 'vite']);
    expect(await build()).toEqual([]);
    shop.write('packages/core/src/index.ts', 'export const changed = true;');
    expect(await build()).toEqual(['tsc']);
    shop.write('packages/core/src/index.test.ts', 'a test changes no build');
    expect(await build()).toEqual([]);
    shop.write('packages/dashboard/index.html', '<p>changed');
    expect(await build()).toEqual(['vite']);
    shop.remove('packages/core/dist');
    expect(await build()).toEqual(['tsc']);
  });

  test('passes options on and keeps standard output for the shop', async () => {
    using shop = workshop(printArguments);
    const ended = await shop.run('start', '--port', '0', '--no-open').ended;
    expect(ended).toMatchObject({ exitCode: 0, stdout: '["--port","0","--no-open"]\n' });
    expect(ended.stderr).toMatch(/^holdfast: building packages and page … \d+\.\d s\n$/);
  });

  test('passes the exit code and the one-line error on', async () => {
    using shop = workshop(`console.error('port 4000 is in use'); process.exitCode = 3;`);
    const ended = await shop.run('start').ended;
    expect([ended.exitCode, ended.stderr.split('\n').slice(1)]).toEqual([3, ['port 4000 is in use', '']]);
  });

  test('a failed build tells the tool’s words and starts nothing', async () => {
    using shop = workshop(printArguments);
    shop.write('node_modules/typescript/bin/tsc', `console.log('src/a.ts(1,1): error'); process.exit(2);`);
    const ended = await shop.run('start').ended;
    expect(ended).toMatchObject({ exitCode: 1, stdout: '' });
    expect(ended.stderr).toContain('holdfast: tsc -b failed (exit code 2):\nsrc/a.ts(1,1): error\n');
  });

  // The forgotten process holds standard output open, so `ended` comes only once that process is gone.
  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s reaches the shop once and ends every process',
    async (signal) => {
      using shop = workshop(`
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' });
      let heard = 0;
      process.on('${signal}', () => {
        heard += 1;
        setTimeout(() => { console.log('heard ' + heard); process.exit(0); }, 100);
      });
      console.log('open');`);
      const running = shop.run('start');
      await running.firstLine;
      process.kill(running.pid, signal); // npm and the terminal both send it
      process.kill(running.pid, signal);
      expect(await running.ended).toMatchObject({ exitCode: 0, stdout: 'open\nheard 1\n' });
    },
  );

  // Standard output is shared by all of them, so `ended` comes only once the last one is gone.
  test.each(['run', 'runUnderParent'] as const)(
    'kill -9 of what started it ends the shop (%s)',
    async (how) => {
      using shop = workshop(`
      const heard = (what) => () => { console.log(what); process.exit(0); };
      process.on('SIGTERM', heard('SIGTERM'));
      process.on('disconnect', heard('disconnect'));
      setInterval(() => {}, 1000);
      console.log('open');`);
      const running = shop[how]('start');
      await running.firstLine;
      process.kill(running.pid, 'SIGKILL');
      const told = how === 'run' ? 'disconnect' : 'SIGTERM';
      expect((await running.ended).stdout).toBe(`open\n${told}\n`);
    },
  );

  test('a shop killed by a signal gives 128 + its number', async () => {
    using shop = workshop(`process.kill(process.pid, 'SIGKILL');`);
    expect((await shop.run('start').ended).exitCode).toBe(137);
  });
});

test('a missing lock file is one line', async () => {
  using shop = workshop(printArguments);
  shop.remove('package-lock.json');
  const { exitCode, stderr } = await shop.run('start').ended;
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^holdfast: .*package-lock\.json is missing or unreadable; restore it with git\.\n$/,
  );
});

test('an unknown check is one line', async () => {
  using shop = workshop(printArguments);
  const { exitCode, stderr } = await shop.run('check', 'nonsense').ended;
  expect([exitCode, stderr]).toEqual([
    1,
    'holdfast: no check is named "nonsense"; there are types, lint, unused, architecture, packages, docs.\n',
  ]);
});

test.each(['10.24.1', '18.20.8', '19.9.0'])('Node %s is told in one line what is needed', (version) => {
  const entry = readFileSync(fileURLToPath(new URL('../../scripts/run.cjs', import.meta.url)), 'utf8');
  const printed: string[] = [];
  const oldProcess = { versions: { node: version }, argv: ['node', 'run.cjs', 'start'], exitCode: 0 };
  runInNewContext(entry, { process: oldProcess, console: { error: (line: string) => printed.push(line) } });
  expect([oldProcess.exitCode, printed]).toEqual([
    1,
    [`holdfast: Node 20 or newer is needed; this is Node ${version}.`],
  ]);
});
