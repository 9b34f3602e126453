import { expect, test } from 'vitest';
import { createManualClock } from '../../support/clocks/manual-clock.js';
import { createSimulatedClock } from '../../support/clocks/simulated-clock.js';
import { withUsage } from './fixture.js';
import { body, now, rateLimit, shapes, windowOf } from './shapes.js';

const clock = createManualClock();

const business = shapes['Business with a budget only']?.body;
const further = shapes['Pro with further limits and a reserve']?.body;
const weekAhead = body(rateLimit(null, windowOf(65, 604_800, now + 345_600)));

/** Prints one line for a usage body. */
async function lineOf(usage: object | undefined, ...args: string[]): Promise<string> {
  let line = '';
  await withUsage({ clock }, async ({ run, backend }) => {
    backend.script('usage', { body: usage });
    const { stdout, stderr } = await run('--format', ...args);
    line = stdout.trimEnd() + stderr;
  });
  return line;
}

test.each([
  ['the budget', business, '{spendUsed} {spendLeft} {spendResetsIn}', '26 74 16 d 0 h'],
  [
    'its amounts, rounded',
    business,
    '{spendUsedAmount} {spendLeftAmount} {spendLimit}',
    '3831.75 11168.25 15000',
  ],
  [
    'the budget as a window',
    business,
    '{window:spend} {left:spend} {bar:spend} {name:spend}',
    '26 74 ███░░░░░░░ spend limit',
  ],
  ['a window', weekAhead, '{window:10080} {left:10080} {name:10080} {resetsIn:10080}', '65 35 week 4 d 0 h'],
  ['a window by a length within 5 %', weekAhead, '{left:10500} {left:10700}', '35 ?'],
  ['no budget', weekAhead, '{spendUsed} {spendLeft} {spendUsedAmount} {spendResetsIn}', 'none none ? ?'],
  ['pace', weekAhead, '{pace:10080}', 'ahead of pace, empty Fri 2 Jan, 14:46'],
  ['pace of what binds', weekAhead, '{tightest:pace}', 'ahead of pace, empty Fri 2 Jan, 14:46'],
  ['pace that says nothing', shapes['Pro at the limit of the week']?.body, '[{pace:10080}]', '[]'],
  ['pace of no window', weekAhead, '{pace:300}', '?'],
  ['the bar of what binds', weekAhead, '{tightest:bar} {tightest:resetsAt}', '███████░░░ Mon 5 Jan, 00:00'],
  [
    'windows that have all ended since',
    body(rateLimit(windowOf(10, 18_000, now - 1))),
    '{permission} {level} {tightest} {window:300} {left:300} {bar:300} {pace:300}',
    'allowed unknown ? ? ? ░░░░░░░░░░ ?',
  ],
  [
    'shares beyond all bounds',
    body(rateLimit(windowOf(300, 18_000, now + 60), windowOf(-5, 604_800, now + 60))),
    '{window:300} {left:300} {bar:300} {window:10080} {left:10080} {bar:10080}',
    '300 0 ██████████ -5 100 ░░░░░░░░░░',
  ],
  ['no failure', weekAhead, '[{error}]', '[]'],
] as const)('fields of --format: %s', async (_what, usage, format, line) => {
  expect(await lineOf(usage, format)).toBe(line);
});

test.each([
  [['--left'], '{bar:10080} {window:10080} {left:10080}', '████░░░░░░ 65 35'],
  [['--bar-width', '4'], '{bar:10080}', '███░'],
  [['--low', '35'], '{level}', 'low'],
  [['--low', '34'], '{level}', 'ok'],
  [['--low', '90', '--critical', '35'], '{level}', 'critical'],
  [['--low', '5'], '{level}', 'ok'],
])('%j changes fields', async (args, format, line) => {
  expect(await lineOf(weekAhead, format, ...args)).toBe(line);
});

test.each([
  ['codex_bengalfox', 'critical 95 5 hours 50'],
  ['spark', 'critical 95 5 hours 50'],
  ['codex', 'ok 40 5 hours 25'],
  [
    'sparc',
    "unknown ? ? ?This account has no limit 'sparc'. It has: codex, codex_bengalfox, luna_reserve.\n",
  ],
])('--limit %s chooses the limit of the fields', async (name, line) => {
  const format = '{level} {tightest} {tightest:name} {window:10080}';
  expect(await lineOf(further, format, '--limit', name)).toBe(line);
});

test('the screen shows one limit, what is left of it, and bars of a length', () =>
  withUsage({ clock }, async ({ start, backend }) => {
    backend.script('usage', { body: further });
    const { stdout, exitCode } = start(['--limit', 'Spark', '--left', '--bar-width', '20'], { columns: 80 });
    await exitCode;
    expect(stdout.text().split('\n').slice(2, 8)).toEqual([
      'Spark',
      '5 hours  █░░░░░░░░░░░░░░░░░░░    5 % left  resets 02:00, in 2 h 0 min',
      '         ahead of pace (95 % used after 60 % of the time)',
      'week     ██████████░░░░░░░░░░   50 % left  resets Mon 5 Jan, 00:00, in 4 d 0 h',
      '         ahead of pace, empty Sun 4 Jan, 00:00 (50 % used after 43 % of the',
      '         time)',
    ]);
  }));

test('the screen names the limits if the chosen one is not there', () =>
  withUsage({ clock }, async ({ run, backend }) => {
    backend.script('usage', { body: further });
    const { stdout, exitCode } = await run('--limit', '\u001b[2J');
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining(
        "\n\nThis account has no limit ' [2J'. It has: codex, codex_bengalfox, luna_reserve.\n\n",
      ),
    ]);
  }));

test.each([
  ['server-error', /^unknown \? \?\|The backend answered with status 500 \(request [\w-]+\)\.\n$/, 1],
  [
    'login-revoked',
    /^unknown \? \?\|The login has expired or was revoked\. To sign in again: .* login\n$/,
    5,
  ],
] as const)('with {error} the line is printed although the read fails: %s', (scenario, line, code) =>
  withUsage({ scenario, clock }, async ({ run }) => {
    const args = ['--format', '{level} {tightest} {plan}|{error}'];
    const { exitCode, stdout } = await run(...args);
    expect([exitCode, stdout]).toEqual([0, expect.stringMatching(line)]);
    expect((await run(...args, '--exit-code')).exitCode).toBe(code);
    expect(await run('--format', '{level}')).toMatchObject({ exitCode: code, stdout: '' });
  }),
);

test('a watch with {error} keeps the last values beside the error, and clears it', async () => {
  const simulated = createSimulatedClock();
  await withUsage({ scenario: 'free', clock: simulated }, async ({ start, backend }) => {
    const { stdout, stop, exitCode } = start(['--watch', '--format', '{tightest} {error}']);
    await stdout.until(/^60 \n/);
    backend.script('usage', { status: 418, body: {} });
    await simulated.runUntil(() => stdout.text().includes('418'));
    backend.script('usage', undefined);
    const printed = stdout.text().length;
    await simulated.runUntil(() => stdout.text().length > printed);
    expect(stdout.text()).toMatch(/^60 \n60 The backend answered with status 418 .*\.\n60 \n$/);
    stop();
    expect(await exitCode).toBe(0);
  });
});
