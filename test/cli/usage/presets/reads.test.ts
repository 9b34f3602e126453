import { expect, test } from 'vitest';
import { createSettableClock } from '../../../snapshot/fixture.js';
import { withUsage } from '../fixture.js';
import { body, rateLimit, windowOf } from '../shapes.js';
import { grammars } from './grammars.js';

// When a preset reads, what it shows if that fails, and its exit code.

const startSecs = Date.parse('2026-01-01T00:00:00Z') / 1000;
const weekAt65 = body(rateLimit(windowOf(65, 604_800, startSecs + 345_600)));
const blocked = body(rateLimit(windowOf(100, 604_800, startSecs + 345_600), null, false));

test('a stored read of at most 60 s is shown, and --max-age changes that', () =>
  withUsage({ clock: createSettableClock() }, async ({ start, run, backend }) => {
    const requests = (): number => backend.requests.filter(({ url }) => url.endsWith('/usage')).length;
    const clock = createSettableClock();
    const show = async (...args: string[]): Promise<string> => {
      const { stdout, exitCode } = start(['--preset', 'starship', ...args], { clock });
      await exitCode;
      return stdout.text();
    };
    backend.script('usage', { body: weekAt65 });
    await run();
    clock.advance(60_000);
    expect([await show(), requests()]).toEqual(['week 65% used\n', 1]);
    clock.advance(1_000);
    expect([await show('--max-age', '61'), requests()]).toEqual(['week 65% used\n', 1]);
    expect([await show(), requests()]).toEqual(['week 65% used\n', 2]);
  }));

test('if the read fails, the newest stored one is shown, marked with its age', () => {
  const clock = createSettableClock();
  return withUsage({ clock }, async ({ run, backend }) => {
    backend.script('usage', { body: weekAt65 });
    await run();
    clock.advance(90 * 60_000);
    backend.script('usage', { status: 418, body: {} });
    const { exitCode, stdout, stderr } = await run('--preset', 'waybar');
    const { text, classes, details } = grammars.waybar(stdout);
    expect([exitCode, text, classes]).toEqual([0, 'week 65% used (1 h 30 min old)', ['ok', 'stale']]);
    expect(details?.[0]).toMatch(/^The backend answered with status 418/);
    expect(stderr).toMatch(/^The backend answered with status 418/);
    expect((await run('--preset', 'tmux')).stdout).toBe(
      '#[fg=brightblack]week 65% used (1 h 30 min old)#[fg=default]\n',
    );
    const withAge = await run('--preset', 'starship', '--format', '{tightest} {age} [{error}]');
    expect(withAge.stdout).toMatch(/^65 1 h 30 min \[The backend answered with status 418 .*\]\n$/);
    expect((await run('--preset', 'tmux', '--exit-code')).exitCode).toBe(1);
  });
});

test('a backend that is too slow has 0.8 s, and its answer is for the next line', () =>
  withUsage({}, async ({ run, backend }) => {
    let answer = (): void => undefined;
    const answered = new Promise<void>((resolve) => {
      backend.script('usage', (_request, response) => {
        answer = () => {
          response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(weekAt65));
          resolve();
        };
        return 'handled';
      });
    });
    expect(await run('--preset', 'starship')).toEqual({
      exitCode: 0,
      stdout: 'The limits are still being read\n',
      stderr: 'The limits are still being read.\n',
    });
    const next = run('--preset', 'starship', '--timeout', '99');
    answer();
    await answered;
    expect((await next).exitCode).toBe(0);
  }));

test.each([
  ['none', 'You are not signed in with ChatGPT', 5],
  ['apiKey', 'You are not signed in with ChatGPT', 5],
] as const)('with the login %s the line has the reason', (auth, line, code) =>
  withUsage({ auth }, async ({ run }) => {
    expect(await run('--preset', 'starship')).toMatchObject({ exitCode: 0, stdout: `${line}\n` });
    expect((await run('--preset', 'starship', '--exit-code')).exitCode).toBe(code);
    const { classes, text } = grammars.waybar((await run('--preset', 'waybar')).stdout);
    expect([classes, text]).toEqual([['unknown'], line]);
  }),
);

test('a personal access token, of which nothing is stored, is shown', () =>
  withUsage({ clock: createSettableClock() }, async ({ start, backend }) => {
    backend.script('usage', { body: weekAt65 });
    const { stdout, exitCode } = start(['--preset', 'starship'], { env: { CODEX_ACCESS_TOKEN: 'at-dev' } });
    expect([await exitCode, stdout.text()]).toEqual([0, 'week 65% used\n']);
  }));

test('--exit-code says whether use is allowed', () =>
  withUsage({ clock: createSettableClock() }, async ({ run, backend }) => {
    backend.script('usage', { body: blocked });
    expect((await run('--preset', 'tmux')).exitCode).toBe(0);
    expect((await run('--preset', 'tmux', '--exit-code')).exitCode).toBe(3);
  }));

test('--cached sends nothing', () =>
  withUsage({}, async ({ run, backend }) => {
    expect(await run('--preset', 'starship', '--cached')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^No read of the limits of this login is stored\n$/),
    });
    expect((await run('--preset', 'starship', '--cached', '--exit-code')).exitCode).toBe(4);
    expect(backend.requests).toEqual([]);
  }));

test('--cached marks values of more than 60 s as stale', () => {
  const clock = createSettableClock();
  return withUsage({ clock }, async ({ run, backend }) => {
    backend.script('usage', { body: weekAt65 });
    await run();
    clock.advance(60_000);
    expect((await run('--preset', 'starship', '--cached')).stdout).toBe('week 65% used\n');
    clock.advance(7_140_000);
    const { exitCode, stdout, stderr } = await run('--preset', 'waybar', '--cached');
    const { text, classes } = grammars.waybar(stdout);
    expect([exitCode, text, classes, stderr]).toEqual([
      0,
      'week 65% used (2 h 0 min old)',
      ['ok', 'stale'],
      '',
    ]);
  });
});

test('a limit that is not there is named on stderr and in the tooltip', () =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', { body: weekAt65 });
    const { exitCode, stdout, stderr } = await run('--preset', 'waybar', '--limit', 'nope');
    const missing = "This account has no limit 'nope'. It has: codex.";
    expect([exitCode, stderr, grammars.waybar(stdout).text]).toEqual([0, `${missing}\n`, '?']);
    expect(grammars.waybar(stdout).details).toContain(missing);
  }));

test.each([
  [['--preset', 'waybr'], "--preset has no 'waybr'; did you mean waybar? See --help."],
  [['--preset', 'x'], '--preset takes waybar, tmux, starship, polybar, i3blocks, sketchybar,'],
  [['--preset', 'tmux', '--json'], '--json and --preset exclude each other. See'],
  [
    ['--preset', 'tmux', '--watch'],
    '--watch is for the presets waybar, polybar, i3blocks, not for tmux. See',
  ],
  [['--preset', 'waybar', '--watch', '--max-age', '5'], '--watch and --max-age exclude each other. See'],
  [['--preset', 'tmux', '--format', '{nope}'], '--format has no field {nope}. See'],
  [['--install-help'], '--install-help is for --preset. See'],
  [['--exit-code'], '--exit-code is for --format and --preset. See'],
  [['--low', '5'], '--low is for --format and --preset. See'],
])('%j is wrong usage', (args, message) =>
  withUsage({}, async ({ run }) => {
    const { exitCode, stdout, stderr } = await run(...args);
    expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining(message)]);
  }),
);
