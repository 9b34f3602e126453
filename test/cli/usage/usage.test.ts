import { expect, test } from 'vitest';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { withUsage } from './fixture.js';

test.each([
  ['fresh', 0, '● Allowed · plan pro'],
  ['at-limit', 3, '● Blocked until Sun 4 Jan, 00:00: the rate limit is reached (week) · plan pro'],
  ['blocked', 3, '● Blocked until Sun 1 Feb, 00:00: your spend limit is reached · plan pro'],
] as const)('the exit code says whether use is allowed: %s', (scenario, exitCode, line) =>
  withUsage({ scenario, clock: createManualClock() }, async ({ run }) => {
    const outcome = await run();
    expect([outcome.exitCode, outcome.stdout.split('\n')[0], outcome.stderr]).toEqual([exitCode, line, '']);
  }),
);

test.each([
  ['free', 0, [/^● Allowed · plan free$/m, /^month {2}█.* 60 % used {2}resets /m]],
  [
    'business',
    0,
    [
      /^● Allowed · plan business$/m,
      /^spend limit {2}█.* 24 % used {2}resets /m,
      /^ {13}120 of 500 used, 380 left$/m,
    ],
  ],
] as const)('an account without the usual windows is shown: %s', (scenario, exitCode, lines) =>
  withUsage({ scenario }, async ({ run }) => {
    const outcome = await run();
    expect([outcome.exitCode, outcome.stderr]).toEqual([exitCode, '']);
    for (const line of lines) expect(outcome.stdout).toMatch(line);
  }),
);

test('a revoked login counts as signed out', () =>
  withUsage({ scenario: 'login-revoked' }, async ({ run }) => {
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr]).toEqual([5, expect.stringContaining('expired or was revoked')]);
  }));

test('with values of another user it is unknown whether use is allowed', () =>
  withUsage({ home: { userId: 'somebody-else' } }, async ({ run }) => {
    const { exitCode, stdout } = await run();
    expect([exitCode, stdout.split('\n')[0]]).toEqual([4, '● Not known whether use is allowed · plan pro']);
  }));

test.each([
  ['rate-limited', 1, 'The backend was asked too often. Try again in 30 s.\n'],
  [
    'server-error',
    1,
    expect.stringMatching(/^The backend answered with status 500 \(request\n[\w-]+\)\.\n$/),
  ],
  ['malformed', 1, 'The response of the backend cannot be read.\n'],
] as const)('a failed read is reported as a sentence: %s', (scenario, exitCode, stderr) =>
  withUsage({ scenario }, async ({ run }) => {
    expect(await run()).toEqual({ exitCode, stdout: '', stderr });
  }),
);

test('--json prints the values as version 1', () =>
  withUsage({ scenario: 'at-limit' }, async ({ run }) => {
    const { stdout } = await run('--json');
    const report = JSON.parse(stdout) as {
      limits: { windows: { resetsAt: number }[] }[];
      resetCredits: { soonestExpiresAt: number };
    };
    expect(report).toEqual({
      version: 1,
      readAt: expect.any(Number),
      isCached: false,
      permission: 'blocked',
      block: {
        ...{ limit: 'rateLimit', windowDurationMins: 10_080 },
        until: report.limits[0]?.windows[1]?.resetsAt,
      },
      tightest: {
        ...{ limit: 'rateLimit', windowDurationMins: 10_080, usedPercent: 100 },
        resetsAt: report.limits[0]?.windows[1]?.resetsAt,
      },
      limitReached: 'rate_limit_reached',
      accountId: 'account-dev',
      planType: 'pro',
      limits: [
        {
          limitId: 'codex',
          limitName: null,
          windows: [
            { windowDurationMins: 300, usedPercent: 100, resetsAt: expect.any(Number), pace: null },
            { windowDurationMins: 10_080, usedPercent: 100, resetsAt: expect.any(Number), pace: null },
          ],
        },
        {
          limitId: 'codex_extra',
          limitName: 'Extra model',
          windows: [
            {
              ...{ windowDurationMins: 300, usedPercent: 10, resetsAt: expect.any(Number) },
              pace: { elapsedPercent: 50, verdict: 'behind', emptyAt: null },
            },
          ],
        },
      ],
      credits: { hasCredits: false, unlimited: false, balance: '0' },
      spendLimit: null,
      budget: null,
      spendLimitReached: false,
      resetCredits: {
        availableCount: 2,
        soonestExpiresAt: report.resetCredits.soonestExpiresAt,
        credits: [
          expect.objectContaining({ id: 'credit-2', expiresAt: report.resetCredits.soonestExpiresAt }),
          expect.objectContaining({ id: 'credit-1' }),
        ],
        creditsOfUnknownExpiry: [],
      },
      resetWouldHelp: true,
    });
  }));

test.each([
  ['{plan} {window:300}% {bar:300} {{{permission}}}', 'pro 100% ██████████ {blocked}\n'],
  ['{window:10080}|{resetsIn:10080}|{resetCredits}|{expiryIn}', '100|3 d 0 h|2|3 d 0 h\n'],
  ['{window:1} {bar:1} {resetsAt:1} {resetsIn:1}', '? ░░░░░░░░░░ ? ?\n'],
  ['{spendLeft}', 'none\n'],
  ['{credits} ü', '0 ü\n'],
])('--format %j', (format, expected) =>
  withUsage({ scenario: 'at-limit', clock: createManualClock() }, async ({ run }) => {
    expect(await run('--format', format)).toEqual({ exitCode: 0, stdout: expected, stderr: '' });
    expect((await run('--format', format, '--exit-code')).exitCode).toBe(3);
  }),
);

test.each([
  [['--unknown'], "Unknown option '--unknown'"],
  [['now'], "Unexpected argument 'now'"],
  [['--json', '--format', '{plan}'], '--json and --format exclude each other'],
  [['--format', '{nope}'], '--format has no field {nope}'],
  [['--format', '{window}'], '--format has no field {window}'],
  [['--format', '{plan:300}'], '--format has no field {plan:300}'],
  [['--format', '{window:0}'], '--format has no field {window:0}'],
  [['--format', '{window:spent}'], '--format has no field {window:spent}'],
  [['--format', '{plan:spend}'], '--format has no field {plan:spend}'],
  [['--format', '{tightest:plan}'], '--format has no field {tightest:plan}'],
  [['--format', '{level:300}'], '--format has no field {level:300}'],
  [['--json', '--left'], '--json and --left exclude each other'],
  [['--json', '--limit', 'codex'], '--json and --limit exclude each other'],
  [['--json', '--bar-width', '5'], '--json and --bar-width exclude each other'],
  [['--low', '5'], '--low is for --format'],
  [['--critical', '5'], '--critical is for --format'],
  [['--format', '{level}', '--low', '5', '--critical', '6'], '--critical is larger than --low'],
  [['--format', '{level}', '--low', '101'], '--low takes a whole number from 0 to 100'],
  [['--bar-width', '0'], '--bar-width takes a whole number from 1 to 200'],
  [['--bar-width', '1e1'], '--bar-width takes a whole number from 1 to 200'],
  [['--format', '{constructor}'], '--format has no field {constructor}'],
  [['--format', 'a { b'], "--format has a single '{'"],
  [['--format', 'a } b'], "--format has a single '}'"],
  [['--interval', '60'], '--interval is for --watch'],
  [['--watch', '--interval', '14'], '--interval takes 15 to 3600 seconds'],
  [['--watch', '--interval', 'often'], '--interval takes 15 to 3600 seconds'],
])('%j is wrong usage, and nothing is read', (args, reason) =>
  withUsage({}, async ({ run, backend }) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`codex-account-server usage: ${reason}`);
    expect(stderr).toMatch(/\. See --help\.\n$/);
    expect(backend.requests).toEqual([]);
  }),
);

test('the help names the exit codes and every field', () =>
  withUsage({}, async ({ run }) => {
    const { exitCode, stdout } = await run('--help');
    expect(exitCode).toBe(0);
    for (const word of ['0 use is allowed', '5 signed out', '{plan}', '{window:300}', '{expiryIn}']) {
      expect(stdout).toContain(word);
    }
  }));

test('Ctrl-C while the backend hangs ends it at once', () =>
  withUsage({}, async ({ start, backend }) => {
    const asked = new Promise<void>((resolve) => {
      backend.script('usage', () => {
        resolve();
        return 'handled';
      });
    });
    const { stop, exitCode, stdout } = start([]);
    await asked;
    stop();
    expect([await exitCode, stdout.text()]).toEqual([1, '']);
  }));

test('a backend that does not answer is reported after the time limit of a read', async () => {
  const clock = createManualClock();
  await withUsage({ clock }, async ({ start, backend }) => {
    backend.script('usage', () => 'handled');
    const { exitCode, stdout, stderr } = start([]);
    await clock.untilSet(15_000);
    clock.fire(15_000);
    expect({ exitCode: await exitCode, stdout: stdout.text(), stderr: stderr.text() }).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'The backend did not answer in time.\n',
    });
  });
});

test('the exit code is the same if the reader has gone', () =>
  withUsage({ scenario: 'at-limit' }, async ({ start }) => {
    const { stdout, stderr, exitCode } = start([]);
    stdout.breakWith('EPIPE');
    expect([await exitCode, stderr.text()]).toEqual([3, '']);
  }));

test('output that cannot be written is a failure', () =>
  withUsage({}, async ({ start }) => {
    const { stdout, stderr, exitCode } = start(['--json']);
    stdout.breakWith('ENOSPC');
    expect([await exitCode, stderr.text()]).toEqual([
      1,
      'codex-account-server usage: cannot write: write ENOSPC\n',
    ]);
  }));

test('a backend that cannot be reached is reported with what to check', () =>
  withUsage({ home: { backendUrl: 'http://127.0.0.1:1' } }, async ({ run }) => {
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout, stderr.replaceAll('\n', ' ')]).toEqual([
      1,
      '',
      'Cannot reach 127.0.0.1:1: connection refused; check the network, the proxy and the URL. ',
    ]);
  }));

test.each([
  ['at-limit', true],
  ['blocked', false],
  ['fresh', false],
] as const)('it says when a reset credit would end the block: %s', (scenario, isShown) =>
  withUsage({ scenario }, async ({ run }) => {
    const { stdout } = await run();
    const line = '  A reset credit would end the block now: codex-account-server redeem\n';
    expect(stdout.includes(line)).toBe(isShown);
  }),
);
