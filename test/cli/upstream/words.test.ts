import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  builtProgram,
  createStandIns,
  type Ended,
  type StandIns,
} from '../../support/processes/stand-in-codex.js';

let standIns: StandIns;

beforeAll(() => {
  standIns = createStandIns();
});
afterAll(() => standIns.remove());

function withOption(args: readonly string[]): Promise<Ended> {
  return standIns.run([process.execPath, builtProgram, '--upstream', standIns.real, ...args]);
}

function withVariable(args: readonly string[]): Promise<Ended> {
  const environment = { CODEX_ACCOUNT_SERVER_UPSTREAM: standIns.real };
  return standIns.run([process.execPath, builtProgram, ...args], { environment });
}

function passedOn(args: readonly string[]): Ended {
  return { code: 0, signal: null, stdout: args.map((arg) => `[${arg}]`).join(''), stderr: '' };
}

test.each(
  [
    [],
    ['exec', 'say hello'],
    ['mcp', 'list'],
    ['resume', '--last'],
    ['no-such-word'],
    ['--no-such-option'],
    ['--version'],
    ['-V'],
    ['-c', 'model=x', 'exec'],
    ['-s', 'read-only', 'exec'],
    ['--sandbox=read-only', 'exec', '--read-only'],
    ['-c', 'model=x', 'login'],
    ['-m', 'app-server', 'exec'],
    ['exec', 'app-server'],
    ['exec', '--upstream', 'x'],
    ['--', 'usage'],
    ['-'],
    ['help', 'exec'],
    ['app-server', 'proxy'],
    ['app-server', 'daemon', 'start'],
    ['app-server', '--print-startup-config', '--startup-client-info', '{}'],
    ['app-server', 'no-such-word'],
    ['app-server', '-c', 'model=x', 'daemon', 'start'],
    ['app-server', '--listen', 'unix:///run/x'],
    ['app-server', '--listen=ws://127.0.0.1:1'],
    ['--listen', 'unix://', 'app-server'],
  ].map((args) => [args]),
)('%j goes to the real codex, with the option and with the variable', async (args) => {
  expect(await withOption(args)).toEqual(passedOn(args));
  expect(await withVariable(args)).toEqual(passedOn(args));
});

test.each([
  [['usage', '--help'], /^Usage: codex-account-server usage/],
  [['redeem', '--help'], /^Usage: codex-account-server redeem/],
  [['login', '--help'], /^Usage: codex-account-server login/],
  [['logout', '--help'], /^Usage: codex-account-server logout/],
  [['demo', '--help'], /^Usage: codex-account-server demo/],
  [['dev-backend', '--help'], /^Usage: codex-account-server dev-backend/],
  [['shim', '--help'], /^Usage: codex-account-server shim/],
  [['help', 'usage'], /^Usage: codex-account-server usage/],
] as const)('%j stays here', async (args, stdout) => {
  expect(await withOption(args)).toEqual({
    code: 0,
    signal: null,
    stdout: expect.stringMatching(stdout),
    stderr: '',
  });
  expect(await withVariable(args)).toMatchObject({ code: 0, stdout: expect.stringMatching(stdout) });
});

test.each([
  [['--help'], /^codex-account-server \d/],
  [['-h'], /^codex-account-server \d/],
  [['help'], /^codex-account-server \d/],
  [['completion', 'bash'], /^# Completion of codex-account-server/],
  [['app-server', '--help'], /^codex-account-server \d/],
  [['app-server', 'help'], /^codex-account-server \d/],
  [['app-server', 'generate-ts', '--help'], /^Usage: codex-account-server app-server generate-ts/],
] as const)('%j follows the name: codex has its own text, codex-account-server too', async (args, stdout) => {
  expect(await withOption(args)).toEqual(passedOn(args));
  expect(await withVariable(args)).toEqual({
    code: 0,
    signal: null,
    stdout: expect.stringMatching(stdout),
    stderr: '',
  });
});

test.each([
  [['app-server']],
  [['app-server', '--stdio']],
  [['app-server', '--listen', 'stdio://']],
  [['-s', 'read-only', '-a', 'untrusted', 'app-server']],
  [['-c', 'features.plugins=false', 'app-server']],
])('%j serves here', async (args) => {
  const ended = await withVariable(args);
  expect(ended).toEqual({ code: 0, signal: null, stdout: '', stderr: '' });
});

test('behind app-server the option counts too', async () => {
  const args = ['app-server', '--upstream', standIns.real, 'daemon', 'start'];
  expect(await standIns.run([process.execPath, builtProgram, ...args])).toEqual(
    passedOn(['app-server', 'daemon', 'start']),
  );
});

test('the last option counts, before the variable', async () => {
  const environment = { CODEX_ACCOUNT_SERVER_UPSTREAM: '/nowhere' };
  const args = ['--upstream', '/nowhere', `--upstream=${standIns.real}`, 'exec'];
  expect(await standIns.run([process.execPath, builtProgram, ...args], { environment })).toEqual(
    passedOn(['exec']),
  );
});

test.each([
  [['exec'], 'unknown command "exec"; see --help'],
  [['--upstream=', 'exec'], '--upstream needs a value: the path of the real codex, or auto'],
  [['--upstream'], '--upstream needs a value: the path of the real codex, or auto'],
] as const)('without an upstream %j is refused', async (args, reason) => {
  const environment = { CODEX_ACCOUNT_SERVER_UPSTREAM: '' };
  expect(await standIns.run([process.execPath, builtProgram, ...args], { environment })).toEqual({
    code: 2,
    signal: null,
    stdout: '',
    stderr: `Error: ${reason}\n`,
  });
});

test.each([
  [['--read-only', 'exec']],
  [['--read-only']],
  [['app-server', '--read-only', 'daemon']],
  [['--readonly', '--version']],
])('%j starts no other program', async (args) => {
  const refused = {
    code: 2,
    signal: null,
    stdout: '',
    stderr: 'Error: with --read-only no other program is started; leave out --read-only or the upstream\n',
  };
  expect(await withOption(args)).toEqual(refused);
  expect(await withVariable(args)).toEqual(refused);
});
