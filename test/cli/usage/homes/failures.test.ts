import { setImmediate as nextTurn } from 'node:timers/promises';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { holdEndpoint } from '../../../support/network/held-endpoint.js';
import { createManualClock } from '../../../support/clocks/manual-clock.js';
import { addFour, homeCommand, tilde, withHomes } from './fixture.js';

test('a folder that cannot be used is a failure in its own group', () =>
  withHomes({}, async ({ add, folder, run }) => {
    add('work');
    writeFileSync(join(folder, 'file'), '');
    const { stdout, stderr, exitCode } = await run(['/nowhere', 'file', 'work']);
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(stdout).toMatch(
      /^\/nowhere\n {2}Cannot read the usage: that path does not exist\.\n\n~[\\/]file\n {2}Cannot read the usage: that path is not a directory\.\n\n~[\\/]work {2}● Allowed/,
    );
  }));

test('if the login of one home is no longer valid, another one of the same account reads', () =>
  withHomes({}, async ({ add, backend, folder, run }) => {
    add('old', { extraTokenFields: { access_token: 'refused', refresh_token: 'revoked' } });
    add('new');
    backend.script('usage', ({ headers }) =>
      headers.authorization === 'Bearer refused' ? { status: 401, body: {} } : undefined,
    );
    backend.script('token', { status: 401, body: { error: { code: 'refresh_token_expired' } } });
    expect(await run(['old', 'new'], '--exit-code', '--format', '{home} {plan}')).toEqual({
      exitCode: 5,
      stdout: `${tilde}old ?\n${tilde}new pro\n`,
      stderr: `${tilde}old: The login has expired or was revoked. To sign in again: ${homeCommand(folder, 'old', 'login')}\n`,
    });
  }));

test('an error of the backend is shown once for the same account, after one request', () =>
  withHomes({ scenario: 'rate-limited' }, async (fixture) => {
    fixture.add('one');
    fixture.add('two');
    expect(await fixture.run(['one', 'two'])).toEqual({
      exitCode: 1,
      stdout: `${tilde}one, ${tilde}two (same account)\nThe backend was asked too often. Try again in 30 s.\n`,
      stderr: '',
    });
    expect(fixture.usageRequests().first).toBe(1);
  }));

test.each([
  [['/nowhere', 'out', 'blocked'], 1],
  [['blocked', 'out'], 5],
  [['somebody', 'blocked', 'allowed'], 3],
  [['allowed', 'somebody'], 4],
  [['allowed'], 0],
])('the exit code is that of the most important home: %j', (names, code) =>
  withHomes({ scenario: 'at-limit' }, async ({ add, addOther, run }) => {
    add('out', { auth: 'none' });
    add('blocked');
    add('somebody', { userId: 'somebody-else' });
    addOther('allowed');
    expect((await run(names)).exitCode).toBe(code);
  }),
);

test('a personal access token of the environment is not used for the homes, and a line says so', () =>
  withHomes({}, async ({ add, backend, start }) => {
    add('work');
    const env = { CODEX_ACCESS_TOKEN: 'at-dev' };
    const { stdout, stderr, exitCode } = start(['work'], ['--exit-code', '--format', '{plan}'], { env });
    expect([await exitCode, stdout.text(), stderr.text()]).toEqual([
      0,
      'pro\n',
      'codex-account-server: CODEX_ACCESS_TOKEN is not used: with --home, the login in the folder is.\n',
    ]);
    expect(backend.requests.filter(({ headers }) => headers.authorization === 'Bearer at-dev')).toEqual([]);
  }));

test('each home has its own .env, which does not change how it is shown', () =>
  withHomes({ scenario: 'at-limit' }, async ({ add, addOther, folder, run, start }) => {
    add('plain');
    addOther('proxied');
    const args = ['--exit-code', '--format', '{home} {plan} {resetsAt:10080}'];
    const [plain] = (await run(['plain'], ...args)).stdout.split('\n');
    writeFileSync(join(folder, 'plain', '.env'), 'TZ=Asia/Tokyo\n');
    writeFileSync(join(folder, 'proxied', '.env'), 'HTTP_PROXY=http://127.0.0.1:1\n');
    const dotEnv = { TZ: 'Asia/Tokyo' };
    const { exitCode, stdout, stderr } = start(['plain', 'proxied'], args, { dotEnv });
    expect([await exitCode, stdout.text()]).toEqual([1, `${plain}\n${tilde}proxied ? ?\n`]);
    expect(stderr.text()).toContain(
      `${tilde}proxied: Cannot reach the proxy 127.0.0.1:1: connection refused`,
    );
  }));

test('--timeout ends the homes that have not answered, and shows the others', async () => {
  const clock = createManualClock();
  await withHomes({ clock }, async (fixture) => {
    addFour(fixture);
    const asked = new Promise<void>((resolve) => {
      fixture.other.script('usage', () => {
        resolve();
        return 'handled';
      });
    });
    const read = new Promise<void>((resolve) => {
      fixture.backend.script('credits', () => {
        resolve();
        return undefined;
      });
    });
    const { exitCode, stdout, stderr } = fixture.start(
      ['slow', 'normal'],
      [...['--timeout', '5', '--exit-code', '--format', '{home} {plan}']],
    );
    await Promise.all([asked, read]);
    // The answer to the last request of the other home has arrived once its time limit is removed.
    while (clock.openDelaysMs().filter((delay) => delay !== 5000).length > 1) await nextTurn();
    clock.fire(5000);
    expect([await exitCode, stdout.text(), stderr.text()]).toEqual([
      1,
      `${tilde}slow ?\n${tilde}normal pro\n`,
      `${tilde}slow: The backend did not answer in time.\n`,
    ]);
  });
});

test('Ctrl-C while one home has not answered ends it at once, without an output', () =>
  withHomes({}, async (fixture) => {
    addFour(fixture);
    const nextHeld = holdEndpoint(fixture.other, 'usage');
    const { stdout, stop, exitCode } = fixture.start(['normal', 'slow']);
    await nextHeld();
    stop();
    expect([await exitCode, stdout.text()]).toEqual([1, '']);
  }));
