import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { withBuiltServer } from '../support/processes/built-server.js';
import { startProxyServer } from '../support/network/proxy-server.js';
import { withCommands } from '../support/processes/commands.js';
import { casesOf, unixTest } from '../support/unix-test.js';

const usageOnly = { excludeResetCreditDetails: true };
const read = 'account/rateLimits/read';
const clientInfo = { clientInfo: { name: 'test', version: '1.0.0' } };

describe('the server', () => {
  test('uses a proxy that only .env names, and not the one of the environment', async () => {
    const proxy = await startProxyServer();
    await withBuiltServer(
      { args: ['--version'], environment: { HTTP_PROXY: 'http://127.0.0.1:9' } },
      async ({ home, backend, start }) => {
        writeFileSync(join(home.path, '.env'), `HTTP_PROXY=http://127.0.0.1:${proxy.port} # ours\n`);
        const server = start(['app-server']);
        await server.call(1, 'initialize', clientInfo);
        await server.call(2, read, usageOnly);
        expect(proxy.requests.map(({ line }) => line)).toEqual([`GET ${backend.url}/api/codex/usage`]);
      },
    ).finally(proxy.close);
  });

  test('an empty value in .env switches a proxy off', () =>
    withBuiltServer(
      { args: ['--version'], environment: { HTTP_PROXY: 'http://127.0.0.1:9' } },
      async ({ home, backend, start }) => {
        writeFileSync(join(home.path, '.env'), 'HTTP_PROXY=\n');
        const server = start(['app-server']);
        await server.call(1, 'initialize', clientInfo);
        await server.call(2, read, usageOnly);
        expect(backend.requests.map(({ url }) => url)).toEqual(['/api/codex/usage']);
      },
    ));

  test('takes the terminal from .env, but no variable of CODEX_', () =>
    withBuiltServer({ args: ['--version'] }, async ({ home, start }) => {
      writeFileSync(
        join(home.path, '.env'),
        'TERM_PROGRAM=dotty\nCODEX_HOME=/nowhere\nCODEX_INTERNAL_ORIGINATOR_OVERRIDE=x\ncodex_ca_certificate=/x\n',
      );
      const { codexHome, userAgent } = await start(['app-server']).call(1, 'initialize', clientInfo);
      expect([codexHome, userAgent]).toEqual([
        home.path,
        expect.stringMatching(/^test\/0\.\S+ \(.*\) dotty \(test; 1\.0\.0\)$/),
      ]);
    }));

  unixTest('HOME in .env moves CODEX_HOME, and the .env there is not read', () =>
    withBuiltServer({ args: ['--version'] }, async ({ home, start }) => {
      const [old, moved] = [join(home.path, 'old'), join(home.path, 'moved')];
      for (const folder of [old, moved]) mkdirSync(join(folder, '.codex'), { recursive: true });
      writeFileSync(join(old, '.codex', '.env'), `HOME=${moved}\n`);
      writeFileSync(join(moved, '.codex', '.env'), 'TERM_PROGRAM=wrong\n');
      const server = start(['app-server'], { CODEX_HOME: undefined, HOME: old });
      const { codexHome, userAgent } = await server.call(1, 'initialize', clientInfo);
      expect(codexHome).toBe(join(moved, '.codex'));
      expect(userAgent).not.toContain('wrong');
    }),
  );

  const odd: [what: string, make: (path: string) => unknown][] = [
    ['a directory', (path) => mkdirSync(path)],
    ['a FIFO', (path) => execFileSync('mkfifo', [path])],
    ['a link to nothing', (path) => symlinkSync('/nowhere/at/all', path)],
    ['a link to itself', (path) => symlinkSync(path, path)],
    ['empty', (path) => writeFileSync(path, '')],
    ['not text', (path) => writeFileSync(path, Buffer.from([0xff, 0xfe, 0, 10, 61]))],
  ];

  test.each(casesOf(odd, ([what]) => what !== 'a FIFO'))(
    'starts, and says nothing, if .env is %s',
    (_what, make) =>
      withBuiltServer({ args: ['--version'] }, async ({ home, start }) => {
        make(join(home.path, '.env'));
        const server = start(['app-server']);
        await server.call(1, 'initialize', clientInfo);
        server.child.stdin.end();
        expect([await server.exited, server.stderr()]).toEqual([{ code: 0, signal: null }, '']);
      }),
  );

  test('does not start with a .env that is too large to be read', () =>
    withBuiltServer({ args: ['--version'] }, async ({ home, start }) => {
      const path = join(home.path, '.env');
      writeFileSync(path, Buffer.alloc(64 * 1024 * 1024 + 1, '#'));
      for (const args of [['app-server'], ['usage']]) {
        const server = start(args);
        expect(await server.exited).toEqual({ code: 1, signal: null });
        expect(server.stderr()).toBe(`Error: ${JSON.stringify(path)} has more than 67108864 bytes\n`);
      }
    }));
});

describe('a command', () => {
  test.each(['usage --json', 'redeem --yes', 'logout'])('%s uses the proxy of .env', async (line) => {
    const proxy = await startProxyServer();
    await withCommands('chatgpt', async ({ home, command }) => {
      writeFileSync(join(home.path, '.env'), `HTTP_PROXY=http://127.0.0.1:${proxy.port}\n`);
      await command(line).exited;
      expect(proxy.requests.length).toBeGreaterThan(0);
    }).finally(proxy.close);
  });

  unixTest('a server that a command starts works on the CODEX_HOME of the command', () =>
    withCommands('none', async ({ home, command }) => {
      const [old, moved] = [join(home.path, 'old'), join(home.path, 'moved')];
      for (const folder of [old, moved]) mkdirSync(join(folder, '.codex'), { recursive: true });
      writeFileSync(join(old, '.codex', '.env'), `HOME=${moved}\n`);
      writeFileSync(join(moved, '.codex', '.env'), 'HOME=/nowhere/at/all\n');
      const environment = { CODEX_HOME: '', HOME: old };
      const login = command('login --with-api-key', environment);
      login.child.stdin.end('sk-canary\n');
      expect(await login.exited).toEqual({ code: 0, signal: null });
      const status = command('login status', environment);
      await status.exited;
      expect(status.stderr()).toBe(
        'API key configured - ***\nAuthentication is checked when you send a request.\n',
      );
      expect(existsSync(join(moved, '.codex', 'auth.json'))).toBe(true);
    }),
  );
});
