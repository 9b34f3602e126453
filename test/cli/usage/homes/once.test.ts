import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import stringWidth from 'fast-string-width';
import { expect, test } from 'vitest';
import type { UsageHomesOutput } from '../../../../src/protocol/schema/reports/usage-homes.js';
import { bash, main } from '../../../support/processes/bash.js';
import { holdEndpoint } from '../../../support/network/held-endpoint.js';
import { createManualClock } from '../../../support/clocks/manual-clock.js';
import { unixTest } from '../../../support/unix-test.js';
import { addFour, four, homeCommand, tilde, withHomes } from './fixture.js';

const signedOut = (folder: string, name: string): string =>
  `You are not signed in with ChatGPT. To sign in: ${homeCommand(folder, name, 'login')}`;

test('each home has a group with its label, in the order of the arguments, and the same account is read once', async () => {
  const clock = createManualClock();
  await withHomes({ clock, scenario: 'fresh' }, async (fixture) => {
    addFour(fixture);
    const { exitCode, stdout, stderr } = fixture.start(four, [], { env: { COLUMNS: '300' } });
    expect([await exitCode, stderr.text()]).toEqual([5, '']);
    expect(fixture.usageRequests()).toEqual({ first: 1, other: 1 });
    expect(stdout.text().split('\n')).toEqual([
      `${tilde}out`,
      `  ${signedOut(fixture.folder, 'out')}`,
      '',
      `${tilde}slow  ● Allowed · plan free`,
      expect.stringMatching(/^ {2}month {4}█+░+ {3}60 % used {2}resets Tue 13 Jan, 00:00, in 12 d 0 h$/),
      '  Reset credits: 1, soonest expiry in 20 d 0 h · read just now',
      '',
      `${tilde}normal, ${tilde}copy (same account)  ● Allowed · plan pro`,
      expect.stringMatching(/^ {2}5 hours {2}░+ {4}0 % used {2}resets 05:00, in 5 h 0 min$/),
      expect.stringMatching(/^ {2}week {5}░+ {4}0 % used {2}resets Thu 8 Jan, 00:00, in 7 d 0 h$/),
      '',
      '  Extra model',
      expect.stringMatching(/^ {2}5 hours {2}█+░+ {3}10 % used {2}resets 02:30, in 2 h 30 min$/),
      '  Reset credits: 1 · read just now',
      '',
    ]);
  });
});

test('homes are read at the same time, and the output waits for all of them', () =>
  withHomes({}, async (fixture) => {
    addFour(fixture);
    const nextHeld = holdEndpoint(fixture.other, 'usage');
    const read = new Promise<void>((resolve) => {
      fixture.backend.script('usage', () => {
        resolve();
        return undefined;
      });
    });
    const { exitCode, stdout } = fixture.start(four, ['--exit-code', '--format', '{home} {plan}']);
    const [held] = await Promise.all([nextHeld(), read]);
    expect(stdout.text()).toBe('');
    held.answer({ plan_type: 'free' });
    await exitCode;
    expect(stdout.text()).toBe(`${tilde}out ?\n${tilde}slow free\n${tilde}normal pro\n${tilde}copy pro\n`);
  }));

test('--json has a member for each home; one with the same account repeats the values', () =>
  withHomes({ clock: createManualClock() }, async (fixture) => {
    addFour(fixture);
    const { stdout, stderr, exitCode } = await fixture.run(four, '--json');
    expect([exitCode, stderr]).toEqual([5, '']);
    const { version, accounts } = JSON.parse(stdout) as UsageHomesOutput;
    const [, slow, normal] = accounts;
    const path = (name: string): string => join(fixture.folder, name);
    expect([version, ...accounts]).toEqual([
      1,
      {
        home: path('out'),
        label: `${tilde}out`,
        sameAs: null,
        version: 1,
        failedAt: Date.parse('2026-01-01T00:00:00Z') / 1000,
        error: {
          message: signedOut(fixture.folder, 'out'),
          kind: 'authRequired',
          data: { kind: 'authRequired' },
        },
      },
      {
        ...slow,
        home: path('slow'),
        label: `${tilde}slow`,
        sameAs: null,
        planType: 'free',
        permission: 'allowed',
      },
      { ...normal, home: path('normal'), label: `${tilde}normal`, sameAs: null, accountId: 'account-dev' },
      { ...normal, home: path('copy'), label: `${tilde}copy`, sameAs: path('normal') },
    ]);
  }));

test('the output of --json matches its JSON Schema', async () => {
  const checker = 'python3 test/compat/schema/check_json.py schema/json/UsageHomesOutput.json';
  const line = `${main} usage --home "$CODEX_HOME" --home "$CODEX_HOME/" --home /nowhere --json | ${checker}`;
  expect(await bash('at-limit', line)).toEqual({ code: 0, stdout: '', stderr: '' });
});

test('--format prints a line for each home, and says on stderr which home failed', () =>
  withHomes({ scenario: 'at-limit' }, async (fixture) => {
    addFour(fixture);
    expect(await fixture.run(four, '--exit-code', '--format', '{home}: {tightest}% {level}')).toEqual({
      exitCode: 5,
      stdout: `${tilde}out: ?% unknown\n${tilde}slow: 60% ok\n${tilde}normal: 100% blocked\n${tilde}copy: 100% blocked\n`,
      stderr: `${tilde}out: ${signedOut(fixture.folder, 'out')}\n`,
    });
  }));

test('one home is shown in full, below its label, with the command for it', () =>
  withHomes({ scenario: 'at-limit' }, async ({ add, folder, start }) => {
    add('work');
    const { stdout, exitCode } = start(['work/'], [], { env: { COLUMNS: '300' } });
    expect(await exitCode).toBe(3);
    expect(stdout.text()).toMatch(/^~[\\/]work\n● Blocked until .*\n\n5 hours {2}/);
    const command = homeCommand(folder, process.platform === 'win32' ? 'work/' : 'work', 'redeem');
    expect(stdout.text()).toContain(`\n  A reset credit would end the block now: ${command}\n\nRead `);
  }));

unixTest('a folder that is named twice, also through a link, is read once and named once', () =>
  withHomes({}, async (fixture) => {
    fixture.add('work');
    symlinkSync('work', join(fixture.folder, 'link'));
    const { stdout, exitCode } = await fixture.run(['work', 'link', 'work']);
    expect([exitCode, stdout.split('\n')[0]]).toEqual([
      0,
      `${tilde}work, ${tilde}link (same folder), ${tilde}work (same folder)`,
    ]);
    expect(fixture.usageRequests()).toEqual({ first: 1, other: 0 });
  }),
);

test.each([100, 60, 40, 20])('no line is wider than %d columns', (columns) =>
  withHomes({ scenario: 'at-limit' }, async (fixture) => {
    addFour(fixture);
    const { stdout, exitCode } = fixture.start([...four, '/nowhere'], [], { env: { COLUMNS: `${columns}` } });
    await exitCode;
    expect(
      stdout
        .text()
        .split('\n')
        .filter((line) => stringWidth(line) > columns),
    ).toEqual([]);
  }),
);

test.each([
  [['--home', ''], '--home takes a folder, not an empty text'],
  [
    ['--home', 'x', '--format', '{plan}', '--max-age', '60', '--keep-line', '1-2'],
    '--home and --keep-line exclude each other',
  ],
])('%j is wrong usage', (args, reason) =>
  withHomes({}, async ({ start }) => {
    const { exitCode, stderr } = start([], args);
    expect([await exitCode, stderr.text()]).toEqual([
      2,
      `codex-account-server usage: ${reason}. See --help.\n`,
    ]);
  }),
);
