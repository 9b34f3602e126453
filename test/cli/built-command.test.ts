import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { unixTest } from '../support/unix-test.js';
import { startBuiltServer, type StartOptions, withBuiltServer } from '../support/processes/built-server.js';

const initialize = { id: 1, method: 'initialize', params: { clientInfo: { name: 'n', version: '1' } } };
const consume = 'account/rateLimitResetCredit/consume';

/** Runs a command whose input has ended, to its end. */
async function run(args: readonly string[], environment: StartOptions['environment'] = { HOME: tmpdir() }) {
  const server = startBuiltServer({ args, environment });
  server.child.stdin.end();
  const exit = await server.exited;
  return { ...exit, stdout: server.stdout(), stderr: server.stderr() };
}

test.each(['--version', '-V'])('%s prints the version whose methods are served', async (flag) => {
  expect(await run([flag])).toEqual({
    code: 0,
    signal: null,
    stdout: 'codex-cli 0.171.0\ncodex-account-server 0.2.0\n',
    stderr: '',
  });
});

test('the help names the version of this package', async () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  const { code, stdout } = await run(['app-server', '--help']);
  expect([code, stdout.split(':')[0]]).toEqual([0, `codex-account-server ${version}`]);
});

unixTest('SIGUSR1 ends the server and opens no debugger', () =>
  withBuiltServer({}, async ({ server }) => {
    await server.call(1, 'initialize', { clientInfo: { name: 'n', version: '1' } });
    server.child.kill('SIGUSR1');
    expect(await server.exited).toEqual({ code: null, signal: 'SIGUSR1' });
    expect(server.stderr()).toBe('');
  }),
);

test.each([
  [2, ['exec'], 'Error: unknown command "exec"; see --help\n'],
  [2, ['app-server', '-c'], 'Error: -c needs a value\n'],
  [2, ['app-server', '--listen'], 'Error: --listen needs a value\n'],
  [2, ['app-server', '--listen', 'ws://x'], 'Error: --listen takes stdio:// only, not "ws://x"\n'],
  [1, ['app-server', '--listen', 'off'], 'Error: no transport is left with --listen off\n'],
  [1, ['app-server', '-c', 'foo'], 'Error: invalid override "foo": expected key=value\n'],
  [1, ['app-server', '-c', ''], 'Error: invalid override "": expected key=value\n'],
  [
    1,
    ['app-server', '-c', '=x'],
    expect.stringMatching(/^Error: invalid override "=?x": expected key=value\n$/),
  ],
  [
    1,
    ['-c', 'chatgpt_base_url=5', 'app-server'],
    expect.stringMatching(/^Error: invalid override: .*chatgpt_base_url.*\n$/),
  ],
])('exit code %i for %j, with one sentence on stderr', async (code, args, stderr) => {
  expect(await run(args)).toEqual({ code, signal: null, stdout: '', stderr });
});

test.each(['app-server', 'login status', 'login', 'login --device-auth', 'logout'])(
  '%s ends with 1 when CODEX_HOME cannot be used',
  async (line) => {
    expect(await run(line.split(' '), { CODEX_HOME: '/nowhere/at/all' })).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'Error: CODEX_HOME points to "/nowhere/at/all", but that path does not exist\n',
    });
  },
);

test.each([['--yes'], ['--history']])(
  'redeem %s reports once that CODEX_HOME cannot be used',
  async (flag) => {
    expect(await run(['redeem', flag], { CODEX_HOME: '/no' })).toEqual({
      code: 1,
      signal: null,
      stdout: '',
      stderr: 'CODEX_HOME points to "/no", but that path does not exist. No credit was used.\n',
    });
  },
);

test('a CODEX_ACCESS_TOKEN that is not a personal access token is reported, and not shown', async () => {
  const environment = { CODEX_HOME: tmpdir(), CODEX_ACCESS_TOKEN: 'canary-token' };
  const sentence =
    'CODEX_ACCESS_TOKEN is not a personal access token (at-…): while it is set, the account counts as signed out\n';
  const status = await run(['login', 'status'], environment);
  const server = await run(['app-server'], environment);
  expect([status, server].map(({ stderr }) => stderr.replace(/^\S+Z /, ''))).toEqual([
    `Not logged in\n${sentence}`,
    `ERROR codex_account_server: ${sentence}`,
  ]);
});

test('an unknown flag is a warning on stderr', () =>
  withBuiltServer({ args: ['app-server', '--nope'] }, async ({ server }) => {
    server.send(initialize);
    expect((await server.answer(1)).error).toBeUndefined();
    expect(server.stderr()).toBe('warning: ignoring the unknown option --nope\n');
  }));

test.each([
  ['chatgpt', 0, 'Logged in using ChatGPT\n'],
  ['apiKey', 0, 'API key configured - ***\nAuthentication is checked when you send a request.\n'],
  ['none', 1, 'Not logged in\n'],
] as const)('login status with the login %s', (auth, code, stderr) =>
  withBuiltServer({ auth, args: ['login', 'status'] }, async ({ server }) => {
    expect(await server.exited).toEqual({ code, signal: null });
    expect([server.stdout(), server.stderr()]).toEqual(['', stderr]);
    expect(server.stderr()).not.toContain('sk-dev');
  }),
);

test.each([
  ['login', ['now'], "Unexpected argument 'now'"],
  ['login', ['sk-1234'], 'Unexpected argument'],
  ['login', ['0123456789abc'], 'Unexpected argument'],
  ['login', ['--nope'], "Unknown option '--nope'"],
  ['login', ['status', 'now'], "Unexpected argument 'now'"],
  ['login', ['status', '--device-auth'], 'status and --device-auth exclude each other'],
  ['login', ['--device-auth', '--with-api-key'], '--device-auth and --with-api-key exclude each other'],
  ['login', ['--with-api-key', 'sk-now'], 'the key comes on stdin, not as an argument'],
  ['login', ['--\u001b[31mnope'], "Unknown option '-- [31mnope'"],
  ['login', ['--device-auth=yes'], "Option '--device-auth' does not take an argument"],
  ['logout', ['now'], "Unexpected argument 'now'"],
  ['logout', ['--nope'], "Unknown option '--nope'"],
])('%s %j is wrong usage', async (command, args, reason) => {
  expect(await run([command, ...args])).toMatchObject({
    code: 2,
    stdout: '',
    stderr: `codex-account-server ${command}: ${reason}. See --help.\n`,
  });
});

test('login status with an auth.json that cannot be used says so', async () => {
  const codexHome = mkdtempSync(join(tmpdir(), 'codex-account-server-torn-'));
  writeFileSync(join(codexHome, 'auth.json'), '{"tokens":');
  const { code, stdout, stderr } = await run(['login', 'status'], { CODEX_HOME: codexHome });
  rmSync(codexHome, { recursive: true });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toBe(
    `Error checking login status: failed to deserialize CLI auth from file: ${join(codexHome, 'auth.json')}: not JSON\n`,
  );
});

test('stderr is quiet by default, whatever a client sends', () =>
  withBuiltServer({ scenario: 'server-error' }, async ({ server }) => {
    server.write('nope\n{"method":"unknown/notification"}\n[]\n');
    server.send(initialize);
    server.send({ id: 2, method: 'account/rateLimits/read' });
    server.send({ id: 3, method: 'nope' });
    server.child.stdin.end();
    await server.exited;
    expect(server.lines).toHaveLength(5);
    expect(server.stderr()).toBe('');
  }));

test('the log of a debug run has methods, but no secret, e-mail address or data of the client', () =>
  withBuiltServer({ scenario: 'at-limit', environment: { RUST_LOG: 'debug' } }, async (fixture) => {
    const { server, home } = fixture;
    server.write('sentinel-line\n{"id":"id-of-a-request","params":"sentinel-params"}\n');
    server.send(initialize);
    server.send({ id: 2, method: 'account/read', params: { sentinel: 'sentinel-param' } });
    server.send({ id: 'id-of-a-request', method: 'account/rateLimits/read' });
    server.send({
      id: 4,
      method: consume,
      params: { idempotencyKey: 'sentinel-key', creditId: 'sentinel-credit' },
    });
    server.send({ id: 5, method: 'sentinel/method' });
    server.send({ id: 6, method: 'account/read', params: { refreshToken: 'sentinel-value' } });
    server.child.stdin.end();
    await server.exited;
    const { tokens } = JSON.parse(readFileSync(join(home.path, 'auth.json'), 'utf8')) as {
      tokens: Record<string, string>;
    };
    expect(server.stderr()).toContain(`${consume}: answered`);
    for (const secret of ['sentinel', 'dev@example.com', ...Object.values(tokens)]) {
      expect(server.stderr()).not.toContain(secret);
    }
    expect(server.stderr()).not.toContain('\u001b');
  }));

test('RUST_LOG=off silences the log', () =>
  withBuiltServer({ environment: { RUST_LOG: 'off' } }, async ({ server }) => {
    server.write('nope\n');
    server.child.stdin.end();
    await server.exited;
    expect(server.stderr()).toBe('');
  }));

test('a client that closes stderr is served as any other', () =>
  withBuiltServer({ environment: { RUST_LOG: 'debug' } }, async ({ server }) => {
    server.child.stderr.destroy();
    for (let id = 1; id <= 3; id += 1) {
      server.send({ ...initialize, id });
      await server.answer(id);
    }
    server.child.stdin.end();
    expect(await server.exited).toEqual({ code: 0, signal: null });
  }));
