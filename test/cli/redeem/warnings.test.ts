import { expect, test } from 'vitest';
import { keys, type RedeemCommandFixture, withRedeem } from './fixture.js';
import { type OneWindow, setUsage } from './one-window.js';

type Limits = OneWindow | 'blocked' | 'fresh';

const cases: readonly [warning: RegExp, limits: Limits][] = [
  [/A reset does not lift your spend limit: you stay blocked until .*\d\d:\d\d\./, 'blocked'],
  [
    /A reset does not bring back the credits of the workspace: you stay blocked until it has some\./,
    { usedPercent: 40, resetsInMins: 120, reached: 'workspace_member_credits_depleted' },
  ],
  [/Use is allowed and 0 % is used: a reset does nothing now\./, 'fresh'],
  [
    /The window that blocks you resets by itself in 20 min\./,
    { usedPercent: 100, resetsInMins: 20, reached: 'rate_limit_reached' },
  ],
  [/What is used of the windows resets by itself in 20 min\./, { usedPercent: 60, resetsInMins: 20 }],
];

async function withLimits(
  limits: Limits,
  act: (fixture: RedeemCommandFixture) => Promise<void>,
): Promise<void> {
  const scenario = typeof limits === 'string' ? limits : 'at-limit';
  await withRedeem({ scenario }, async (fixture) => {
    if (typeof limits !== 'string') setUsage(fixture, limits);
    await act(fixture);
  });
}

test.each(cases)('it warns before the question: %s', (warning, limits) =>
  withLimits(limits, async ({ startDialog, sent }) => {
    const own = startDialog([], { columns: 120 });
    await own.stdout.until(/Reset credits: \d\n[^]*confirm/);
    own.type(keys.enter);
    await own.stdout.until(/Redeem it now\?\n[^]*No/);
    expect(own.shown()).toMatch(new RegExp(`│ {2}${warning.source}\n│ {2}This cannot be undone\\.\n`));
    own.type(keys.enter);
    expect([await own.exitCode, sent()]).toEqual([3, []]);
  }),
);

test.each(cases)('--yes needs --force: %s', (warning, limits) =>
  withLimits(limits, async ({ run, json, sent }) => {
    const { exitCode, stdout, stderr } = await run('--yes');
    expect([exitCode, stdout, sent()]).toEqual([3, '', []]);
    const text = stderr.replaceAll('\n', ' ');
    expect(text).toMatch(
      new RegExp(
        `^Not redeemed\\. ${warning.source} --force redeems nevertheless\\. No credit was used\\. $`,
      ),
    );
    expect(await json('--yes')).toMatchObject({
      exitCode: 3,
      output: { spent: 'no', error: { kind: 'needsForce' }, redemption: null },
    });
    await run('--yes', '--force');
    expect(sent()).toHaveLength(1);
  }),
);

test('a second redemption within an hour needs --force while use is allowed', () =>
  withRedeem({}, async (fixture) => {
    const { run, sent } = fixture;
    expect((await run('--yes')).exitCode).toBe(0);
    setUsage(fixture, { usedPercent: 2, resetsInMins: 300 });
    const { exitCode, stderr } = await run('--yes');
    expect([exitCode, sent()]).toEqual([3, [expect.anything()]]);
    expect(stderr.replaceAll('\n', ' ')).toMatch(
      /^Not redeemed\. You have redeemed a credit (just now|\d+ s ago), and use is allowed\. --force /,
    );
    setUsage(fixture, { usedPercent: 100, resetsInMins: 300, reached: 'rate_limit_reached' });
    await run('--yes');
    expect(sent()).toHaveLength(2);
  }));

test('without a reason against it there is no warning', () =>
  withRedeem({}, async ({ startDialog }) => {
    const own = startDialog(['--credit', 'credit-1'], { columns: 80 });
    await own.stdout.until(/Redeem it now\?\n[^]*No/);
    expect(own.shown()).toMatch(/100 % used .*\n.*This cannot be undone\.\n/);
    own.type(keys.enter);
    await own.exitCode;
  }));

test('--yes finishes an open attempt in spite of a warning', () =>
  withRedeem({}, async (fixture) => {
    const { backend, run, used } = fixture;
    backend.script('consume', (_request, response) => {
      response.destroy();
      return undefined;
    });
    expect((await run('--yes', '--credit', 'credit-1')).exitCode).toBe(4);
    backend.script('consume', undefined);
    setUsage(fixture, { usedPercent: 0, resetsInMins: 300 });
    expect([(await run('--yes')).exitCode, used()]).toEqual([0, ['credit-1']]);
  }));

test('afterwards it says that the spend limit still blocks', () =>
  withRedeem({ scenario: 'blocked' }, async ({ run }) => {
    const { exitCode, stdout } = await run('--yes', '--force');
    expect(exitCode).toBe(0);
    const lines = stdout
      .replace(/resets .*\d\d:\d\d/g, 'resets <time>')
      .replace(/until .*\d\d:\d\d/, 'until <time>');
    expect(lines).toBe(`A reset credit was used, and the windows have been reset (verified).
5 hours  verified: 40 % → 0 %, resets <time>
week     verified: 25 % → 0 %, resets <time>
Still blocked until <time>: your spend limit is reached.
Reset credits left: 0
`);
  }));

test('--force is only for --yes', () =>
  withRedeem({}, async ({ run }) => {
    expect(await run('--force')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: 'codex-account-server redeem: --force is for --yes. See --help.\n',
    });
  }));
