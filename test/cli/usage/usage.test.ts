import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createManualClock } from '../../support/manual-clock.js';
import { usageOf, withUsage } from './fixture.js';

test.each([
  ['fresh', 0, '● Allowed · plan pro'],
  ['at-limit', 3, '● Blocked: the rate limit is reached · plan pro'],
  ['blocked', 3, '● Blocked: your usage limit in the workspace is reached · plan pro'],
] as const)('the exit code says whether use is allowed: %s', (scenario, exitCode, line) =>
  withUsage({ scenario }, async ({ run }) => {
    const outcome = await run();
    expect([outcome.exitCode, outcome.stdout.split('\n')[0], outcome.stderr]).toEqual([exitCode, line, '']);
  }),
);

test.each([
  ['free', 0, [/^● Allowed · plan free$/m, /^month {2}█.* 60 % {2}resets /m]],
  [
    'business',
    4,
    [
      /^● Not known whether use is allowed · plan business$/m,
      /^Spend limit {4}120 of 500 used, 76 % left, resets /m,
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

test.each([
  ['deactivated_workspace', /^The workspace of this login is deactivated\..* codex-account-server login\n$/s],
  ['invalid_workspace_selected', /^This login is for a workspace.* codex-account-server login\n$/s],
  ['unsupported_country_region_territory', /^The backend does not serve the country.* check the VPN.*\.\n$/s],
])('the reason of a refusal is reported with what to do: %s', (code, sentence) =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', { status: 403, body: { detail: { code } } });
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout, stderr.replace(/\n(?!$)/g, ' ')]).toEqual([
      1,
      '',
      expect.stringMatching(sentence),
    ]);
  }),
);

test('a challenge is reported with its ray id', () =>
  withUsage({ scenario: 'challenge' }, async ({ run }) => {
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr.replaceAll('\n', ' ')]).toEqual([
      1,
      expect.stringMatching(/^Cloudflare asks for a check .* \(ray 9f0c1d2e3f4a5b6c-FRA\)\. Try again later/),
    ]);
  }));

test('a page of the network is reported as such', () =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', { headers: { 'content-type': 'text/html' }, body: '<html>Sign in</html>' });
    const { exitCode, stderr } = await run();
    expect([exitCode, stderr.replaceAll('\n', ' ')]).toEqual([
      1,
      expect.stringMatching(/^The network answered in place of the backend.* chatgpt_base_url\. $/),
    ]);
  }));

test('the reason of a failure is in its JSON', () =>
  withUsage({ scenario: 'challenge' }, async ({ run }) => {
    expect(JSON.parse((await run('--json')).stdout)).toMatchObject({
      error: {
        data: { kind: 'backendStatus', reason: 'cloudflareChallenge', rayId: '9f0c1d2e3f4a5b6c-FRA' },
      },
    });
  }));

test.each(['none', 'apiKey'] as const)('signed out has its own exit code: %s', (auth) =>
  withUsage({ auth }, async ({ run, backend }) => {
    expect(await run()).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: 'You are not signed in with ChatGPT. To sign in: codex-account-server login\n',
    });
    expect(backend.requests).toEqual([]);
  }),
);

test('a login that is no longer valid counts as signed out', () =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', { status: 401, body: {} });
    backend.script('token', { status: 401, body: { error: { code: 'refresh_token_expired' } } });
    const { exitCode, stderr } = await run();
    expect(exitCode).toBe(5);
    expect(stderr).toMatch(
      /The login has expired or was revoked\. To sign in again: codex-account-server\slogin\n$/,
    );
  }));

test('an auth.json that cannot be used does not count as signed out', () =>
  withUsage({}, async ({ run, home }) => {
    writeFileSync(join(home, 'auth.json'), '{"tokens":');
    const { exitCode, stdout, stderr } = await run();
    expect([exitCode, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/ERROR .*auth\.json.*\nThe stored login \(auth\.json\) cannot be read/);
  }));

test('a CODEX_HOME that does not exist is reported', () =>
  withUsage({}, async ({ start }) => {
    const { exitCode, stderr } = start([], { env: { CODEX_HOME: '/nowhere/at/all' } });
    expect(await exitCode).toBe(1);
    expect(stderr.text()).toContain('CODEX_HOME points to "/nowhere/at/all"');
  }));

test('a failure with --json is JSON too', () =>
  withUsage({ scenario: 'rate-limited' }, async ({ run }) => {
    const { exitCode, stdout, stderr } = await run('--json');
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      failedAt: expect.any(Number),
      error: {
        message: 'The backend was asked too often. Try again in 30 s.',
        data: { kind: 'rateLimited', httpStatus: 429, retryAfterMs: 30_000 },
      },
    });
  }));

test.each(['EST5EDT4,M3.2.0,M11.1.0', ':/etc/localtime', 'nonsense'])(
  'a time zone that is not known is reported once: TZ=%s',
  (TZ) =>
    withUsage({ clock: createManualClock() }, async ({ start }) => {
      const { exitCode, stdout, stderr } = start([], { env: { TZ } });
      expect(await exitCode).toBe(0);
      const timeZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
      expect(stderr.text()).toBe(
        `codex-account-server: the time zone TZ=${TZ} is not known, so times are in ${timeZone}. Set TZ to a name such as Europe/Berlin.\n`,
      );
      expect(stdout.text()).toContain('● Allowed');
    }),
);

test.each([
  ['Europe/Berlin', []],
  [':Asia/Tokyo', []],
  ['', []],
  ['nonsense', ['--json']],
])('nothing is reported about the time zone TZ=%s with %j', (TZ, args) =>
  withUsage({}, async ({ start }) => {
    const { exitCode, stderr } = start(args, { env: { TZ } });
    expect([await exitCode, stderr.text()]).toEqual([0, '']);
  }),
);

test('control characters in TZ do not reach the terminal', () =>
  withUsage({}, async ({ start }) => {
    const { exitCode, stderr } = start([], { env: { TZ: `\u001b[2J${'x'.repeat(200)}` } });
    await exitCode;
    expect(stderr.text()).toContain(`TZ=[2J${'x'.repeat(77)} is not known`);
  }));

test('a window of nearly five hours is the one of 300 minutes', () =>
  withUsage({}, async ({ run, backend }) => {
    const window = { used_percent: 5, limit_window_seconds: 17_940, reset_at: 9 ** 10 };
    backend.script('usage', { body: usageOf(window) });
    expect((await run('--format', '{window:300} {window:10080}')).stdout).toBe('5 ?\n');
    expect((await run()).stdout).toContain('\n5 hours ');
  }));

test('a spend limit that cannot be read is unknown', () =>
  withUsage({}, async ({ run, backend }) => {
    const control = { reached: false, individual_limit: { limit: '5' } };
    backend.script('usage', { body: { ...usageOf({ used_percent: 5 }), spend_control: control } });
    expect((await run('--format', '{spendLeft}')).stdout).toBe('?\n');
    expect((await run()).stdout).toContain('\nSpend limit    unknown\n');
  }));

test('--json prints the values as version 1', () =>
  withUsage({ scenario: 'at-limit' }, async ({ run }) => {
    const { stdout } = await run('--json');
    const report = JSON.parse(stdout) as { resetCredits: { soonestExpiresAt: number } };
    expect(report).toEqual({
      version: 1,
      readAt: expect.any(Number),
      permission: 'blocked',
      limitReached: 'rate_limit_reached',
      accountId: 'account-dev',
      planType: 'pro',
      limits: [
        {
          limitId: 'codex',
          limitName: null,
          windows: [
            { windowDurationMins: 300, usedPercent: 100, resetsAt: expect.any(Number) },
            { windowDurationMins: 10_080, usedPercent: 100, resetsAt: expect.any(Number) },
          ],
        },
        {
          limitId: 'codex_extra',
          limitName: 'Extra model',
          windows: [{ windowDurationMins: 300, usedPercent: 10, resetsAt: expect.any(Number) }],
        },
      ],
      credits: { hasCredits: false, unlimited: false, balance: '0' },
      spendLimit: null,
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
    expect(await run('--format', format)).toEqual({ exitCode: 3, stdout: expected, stderr: '' });
  }),
);

test.each([
  [['--nope'], "Unknown option '--nope'"],
  [['now'], 'Unexpected argument'],
  [['--json', '--format', '{plan}'], '--json and --format exclude each other'],
  [['--format', '{nope}'], '--format has no field {nope}'],
  [['--format', '{window}'], '--format has no field {window}'],
  [['--format', '{plan:300}'], '--format has no field {plan:300}'],
  [['--format', '{window:0}'], '--format has no field {window:0}'],
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
      'Cannot read the usage: failed to fetch codex rate limits: error sending request for url (http://127.0.0.1:1/api/codex/usage). Check the network, the proxy and chatgpt_base_url. ',
    ]);
  }));
