import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createSettableClock, startMs } from '../../snapshot/fixture.js';
import { createSimulatedClock } from '../../support/clocks/simulated-clock.js';
import { type UsageFixture, withUsage } from './fixture.js';

const usageRequests = ({ backend }: UsageFixture): number =>
  backend.requests.filter(({ url }) => url.endsWith('/usage')).length;

test('usage is live and stored; --max-age takes it while it is young enough', async () => {
  const clock = createSettableClock();
  await withUsage({ clock }, async (fixture) => {
    const { run } = fixture;
    const reportOf = async (...args: string[]): Promise<unknown> =>
      JSON.parse((await run('--json', ...args)).stdout) as unknown;
    const readAt = startMs / 1000;
    expect(await reportOf()).toMatchObject({ readAt, isCached: false });
    clock.advance(40_000);
    expect(await reportOf('--max-age', '60')).toMatchObject({ readAt, isCached: true });
    expect(usageRequests(fixture)).toBe(1);
    expect(await reportOf('--max-age', '39')).toMatchObject({ readAt: readAt + 40, isCached: false });
    expect(await reportOf()).toMatchObject({ isCached: false });
    expect(await reportOf('--max-age=0')).toMatchObject({ isCached: false });
    expect(usageRequests(fixture)).toBe(4);
  });
});

test('the age is shown in the view and with --format', async () => {
  const clock = createSettableClock();
  await withUsage({ clock }, async ({ run }) => {
    expect((await run('--format', '{age}')).stdout).toBe('0 s\n');
    clock.advance(40_999);
    expect((await run('--max-age', '60')).stdout).toContain('Read 00:00:00, 40 s ago\n');
    expect((await run('--max-age', '60', '--format', '{age}')).stdout).toBe('40 s\n');
    clock.advance(20_000);
    expect((await run('--cached', '--format', '{age}')).stdout).toBe('1 min\n');
  });
});

test('--cached sends nothing, and exits with 4 and a sentence without a stored read', async () => {
  const clock = createSettableClock();
  await withUsage({ clock, scenario: 'at-limit' }, async ({ run, backend }) => {
    const none = await run('--cached');
    expect([none.exitCode, none.stdout]).toEqual([4, '']);
    expect(none.stderr).toBe(
      'No read of the limits of this login is stored; that of a personal access token\nnever is. To read them: codex-account-server usage\n',
    );
    expect(JSON.parse((await run('--cached', '--json')).stdout)).toMatchObject({
      error: { data: { kind: 'noSnapshot' } },
    });
    const live = await run();
    const requests = backend.requests.length;
    const cached = await run('--cached');
    expect(cached.exitCode).toBe(live.exitCode);
    clock.advance(86_400_000);
    expect((await run('--cached')).stdout).toContain('1 d 0 h ago');
    const old = await run('--cached', '--max-age', '60');
    expect([old.exitCode, old.stderr.split(';')[0]]).toEqual([
      4,
      'No read of the limits of this login that is young enough is stored',
    ]);
    expect(backend.requests).toHaveLength(requests);
  });
});

test.each([
  ['none', 5],
  ['apiKey', 5],
] as const)('--cached with the login %s exits with 5', (auth, code) =>
  withUsage({ auth }, async ({ run, backend }) => {
    expect((await run('--cached')).exitCode).toBe(code);
    expect(backend.requests).toEqual([]);
  }),
);

test('a personal access token has no stored read, and nothing is asked for', () =>
  withUsage({}, async ({ start, backend }) => {
    const env = { CODEX_ACCESS_TOKEN: 'at-dev' };
    expect(await start(['--max-age', '60'], { env }).exitCode).toBe(0);
    const requests = backend.requests.length;
    expect(await start(['--cached'], { env }).exitCode).toBe(4);
    expect(backend.requests).toHaveLength(requests);
  }));

test('another backend in the settings has reads of its own', () =>
  withUsage({}, async ({ run, home }) => {
    await run();
    expect((await run('--cached')).exitCode).toBe(0);
    writeFileSync(join(home, 'config.toml'), 'chatgpt_base_url = "http://127.0.0.1:9"\n');
    expect((await run('--cached')).exitCode).toBe(4);
  }));

test.each([
  [['--max-age=-1'], "--max-age takes whole seconds, not '-1'"],
  [['--max-age', '1.5'], "--max-age takes whole seconds, not '1.5'"],
  [['--max-age', 'x'], "--max-age takes whole seconds, not 'x'"],
  [['--timeout', '0'], "--timeout takes 1 to 99 seconds, not '0'"],
  [['--timeout', '100'], "--timeout takes 1 to 99 seconds, not '100'"],
  [['--watch', '--timeout', '5'], '--watch and --timeout exclude each other'],
  [['--keep-line', '1-2', '--max-age', '5'], '--keep-line is for --format with --max-age'],
  [['--keep-line', '1-2', '--format', '{plan}'], '--keep-line is for --format with --max-age'],
  [['--keep-line', '../x', '--format', '{plan}', '--max-age', '5'], '--keep-line takes two numbers'],
  [['--watch', '--cached'], '--watch and --cached exclude each other'],
  [['--watch', '--max-age', '5'], '--watch and --max-age exclude each other'],
])('%j is wrong usage', (args, message) =>
  withUsage({}, async ({ run }) => {
    const { exitCode, stderr } = await run(...args);
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining(message)]);
  }),
);

test('--timeout gives up after its time', () =>
  withUsage({}, async ({ run, backend }) => {
    backend.script('usage', () => 'handled');
    expect(await run('--timeout', '1')).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: 'The backend did not answer in time.\n',
    });
  }));

test('several watches of one login send the requests of one', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async (fixture) => {
    const watches = [1, 2, 3].map(() => fixture.start(['--watch', '--json']));
    await clock.pass(3_600_000, 0);
    for (const { stop } of watches) stop();
    await Promise.all(watches.map(({ exitCode }) => exitCode));
    const together = usageRequests(fixture);
    const alone = fixture.start(['--watch', '--json']);
    await clock.pass(3_600_000, 0);
    alone.stop();
    await alone.exitCode;
    const ofOne = usageRequests(fixture) - together;
    expect(ofOne).toBeGreaterThan(5);
    expect(together).toBeLessThanOrEqual(ofOne + 2);
  });
});

test('a problem with the stored reads is one line of the log at the level debug', () =>
  withUsage({}, async ({ start, home }) => {
    writeFileSync(join(home, 'account-server'), '');
    const { exitCode, stderr } = start(['--max-age', '60'], { env: { RUST_LOG: 'debug' } });
    expect(await exitCode).toBe(0);
    const lines = stderr
      .text()
      .split('\n')
      .filter((line) => line.includes('stored limits'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/DEBUG codex_account_server: the stored limits are not used: /);
  }));
