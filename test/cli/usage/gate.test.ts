import { expect, test } from 'vitest';
import type { ScenarioName } from '../../../src/dev-backend/account/scenarios.js';
import { UsageReport } from '../../../src/protocol/schema/reports/usage-report.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { blockedUntil, usageOf, requireWrongUse, withUsage } from './fixture.js';

type Row = readonly [scenario: ScenarioName, args: string, exitCode: number, stdout: RegExp, stderr: RegExp];

test.each<Row>([
  ['fresh', '--need 10080:20,300:10', 0, /^Enough is left\.\n {2}week {5}100 % left, 20 % needed\n/, /^$/],
  ['fresh', '--need week:20,5h:10', 0, /^Enough is left\.\n {2}week {5}100 % left, 20 % needed\n/, /^$/],
  ['fresh', '--need budget:5,tightest:100', 0, /\n {2}spend limit {5}no such limit, 5 % needed\n/, /^$/],
  ['fresh', '--need credits:2', 6, /^Too little is left\.\n {2}reset credits {2}1, 2 needed\n$/, /^$/],
  ['fresh', '--need 43200:5', 4, /no such window; it has: 300 \(5 hours\), 10080 \(week\)\n$/, /^$/],
  ['fresh', '--need 43200:5 --fail-open', 0, /no such window/, /With --fail-open this counts as enough\.\n$/],
  [
    'business',
    '--need budget:80',
    6,
    /^Too little is left until .*\.\n {2}spend limit {2}76 % left, 80/,
    /^$/,
  ],
  ['at-limit', '--need credits:1', 3, /^Blocked until .*\n {2}reset credits {2}2, 1 needed\n$/, /^$/],
  ['blocked', '--need 300:1 --fail-open', 3, /^Blocked until .*: your spend limit is reached\n/, /^$/],
  ['server-error', '--need 300:1', 4, /^$/, /^The backend answered with status 500/],
  ['server-error', '--need 300:1 --fail-open', 0, /^$/, /counts as enough\.\n$/],
  ['fresh', '--need 300:1 --cached', 4, /^$/, /^No read of the limits/],
  ['fresh', '--need 300:1 --format {plan}', 0, /^pro\n$/, /^$/],
])('%s: usage %s exits with %i', (scenario, args, exitCode, stdout, stderr) =>
  withUsage({ scenario }, async ({ run }) => {
    const ended = await run(...args.split(' '));
    expect(ended).toEqual({
      exitCode,
      stdout: expect.stringMatching(stdout) as string,
      stderr: expect.stringMatching(stderr) as string,
    });
  }),
);

test('what is not known is said: a limit that has ended, or whether use is allowed', () => {
  const clock = createManualClock();
  const now = Math.floor(clock.nowMs() / 1000);
  return withUsage({ clock }, async ({ run, backend }) => {
    const body = usageOf({ used_percent: 95, limit_window_seconds: 18_000, reset_at: now - 1 }, false);
    const week = { used_percent: 50, limit_window_seconds: 604_800, reset_at: now + 86_400 };
    const rateLimit = { ...(body as { rate_limit: object }).rate_limit, secondary_window: week };
    backend.script('usage', () => ({ status: 200, body: { ...body, rate_limit: rateLimit } }));
    expect((await run('--need', 'tightest:5')).stdout).toBe(
      'It is not known whether enough is left.\n  tightest limit  at most 50 % left, 5 % needed\n',
    );
    expect((await run('--need', '10080:5')).stdout).toBe(
      'Not known whether use is allowed\n  week  50 % left, 5 % needed\n',
    );
  });
});

test('signed out is exit code 5, also with --fail-open', () =>
  withUsage({ auth: 'none' }, async ({ run }) => {
    expect((await run('--need', 'tightest:1', '--fail-open')).exitCode).toBe(5);
  }));

test('--json has what each need is about, what is left and when it resets', () => {
  const clock = createManualClock();
  const resetsAt = Math.floor(clock.nowMs() / 1000) + 3600;
  return withUsage({ clock }, async ({ run, backend }) => {
    const window = { used_percent: 95, limit_window_seconds: 18_000, reset_at: resetsAt };
    backend.script('usage', () => ({ status: 200, body: usageOf(window) }));
    const { exitCode, stdout } = await run('--json', '--need', '300:10,credits:1');
    const output = UsageReport.parse(JSON.parse(stdout));
    expect(exitCode).toBe(6);
    expect(output.gate).toEqual({
      verdict: 'tooLittle',
      expectedAt: resetsAt,
      needs: [
        { need: '300', needed: 10, have: 5, isMet: false, resetsAt },
        { need: 'credits', needed: 1, have: 1, isMet: true, resetsAt: null },
      ],
    });
  });
});

test('a stored read answers without a request', () =>
  withUsage({}, async ({ run, backend }) => {
    await run();
    const requests = backend.requests.length;
    expect((await run('--need', 'tightest:1', '--max-age', '60')).exitCode).toBe(0);
    expect(backend.requests).toHaveLength(requests);
  }));

test('no line is wider than a terminal of 20 columns', () =>
  withUsage({}, async ({ start, backend }) => {
    const resetsAt = Math.floor(Date.now() / 1000) + 90_000;
    backend.script('usage', () => ({ status: 200, body: blockedUntil(resetsAt) }));
    const { stdout, exitCode } = start(['--need', '300:10,17:4,tightest:3'], { columns: 20 });
    expect(await exitCode).toBe(3);
    expect(
      Math.max(
        ...stdout
          .text()
          .split('\n')
          .map((line) => line.length),
      ),
    ).toBeLessThanOrEqual(20);
  }));

test.each([
  ['--need 300', "separated by commas, not '300'"],
  ['--need 300:-1', "separated by commas, not '300:-1'"],
  ['--need weekly:3', "separated by commas, not 'weekly:3'"],
  ['--need 300:101', "takes percentages from 0 to 100, not '300:101'"],
  ['--need 300:1,,budget:2', "separated by commas, not ''"],
  ['--need 300:1,300:2', '--need names 300 twice'],
  ['--need week:1,10080:2', '--need names 10080 twice'],
  ['--fail-open', '--fail-open is for --need'],
  ['--need 300:1 --watch', '--need and --watch exclude each other'],
  ['--need 300:1 --preset tmux', '--need and --preset exclude each other'],
  ['--need 300:1 --limit x', '--need and --limit exclude each other'],
])('usage %s is wrong use, and nothing is read', requireWrongUse);
