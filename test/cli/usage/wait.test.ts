import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { widthOf } from '../../../src/cli/terminal/wrapped-text.js';
import { createSimulatedClock, type SimulatedClock } from '../../support/clocks/simulated-clock.js';
import { blockedUntil, type UsageRun, usageOf, requireWrongUse, withUsage } from './fixture.js';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const minutesMs = (count: number): number => count * 60_000;
const atSecs = (ms: number): number => Math.floor((startMs + ms) / 1000);

const free = (ms: number, usedPercent = 0): object =>
  usageOf({ used_percent: usedPercent, limit_window_seconds: 18_000, reset_at: atSecs(ms) });

/** Runs the clock until the command has ended. Resolves with its exit code and with when it ended. */
async function ended(clock: SimulatedClock, run: UsageRun): Promise<{ exitCode: number; atMs: number }> {
  let atMs: number | undefined;
  void run.exitCode.then(() => {
    atMs = clock.nowMs() - startMs;
  });
  await clock.runUntil(() => atMs !== undefined);
  return { exitCode: await run.exitCode, atMs: atMs ?? NaN };
}

test('--wait ends shortly after the reset, and reads at most each ten minutes before', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    const resetMs = minutesMs(90);
    const reads: number[] = [];
    backend.script('usage', () => {
      const nowMs = clock.nowMs() - startMs;
      reads.push(nowMs);
      const body = nowMs < resetMs ? blockedUntil(atSecs(resetMs)) : free(resetMs + minutesMs(300));
      return { status: 200, body };
    });
    const run = start(['--wait']);
    const { exitCode, atMs } = await ended(clock, run);
    expect([exitCode, run.stdout.text()]).toEqual([0, 'Use is allowed.\n']);
    expect(run.stderr.text()).toBe('Blocked until 01:30: the rate limit is reached (5 hours).\n');
    expect(atMs).toBeGreaterThanOrEqual(resetMs);
    expect(atMs).toBeLessThanOrEqual(resetMs + 15_000);
    expect(reads).toHaveLength(10);
  });
});

test('--wait --need waits until enough is left, not only until use is allowed', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    const resetMs = minutesMs(20);
    backend.script('usage', () => ({
      status: 200,
      body: clock.nowMs() - startMs < resetMs ? free(resetMs, 95) : free(minutesMs(320)),
    }));
    const run = start(['--wait', '--need', '300:10']);
    expect((await ended(clock, run)).exitCode).toBe(0);
    expect(run.stderr.text()).toBe('Too little is left until 00:20.\n');
    expect(run.stdout.text()).toBe('Enough is left.\n  5 hours  100 % left, 10 % needed\n');
  });
});

test('a reset that comes early or late is noticed', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    let allowedMs = minutesMs(25);
    backend.script('usage', () => ({
      status: 200,
      body: clock.nowMs() - startMs < allowedMs ? blockedUntil(atSecs(minutesMs(120))) : free(minutesMs(300)),
    }));
    const early = await ended(clock, start(['--wait']));
    expect(early.exitCode).toBe(0);
    expect(early.atMs).toBeLessThan(minutesMs(36));
    allowedMs = minutesMs(130);
    const late = await ended(clock, start(['--wait']));
    expect(late.exitCode).toBe(0);
    expect(late.atMs).toBeLessThan(minutesMs(141));
  });
});

test('a redemption by another process of this home ends the wait within half a minute', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, run, backend, home }) => {
    const redeemedMs = minutesMs(2);
    backend.script('usage', () => ({
      status: 200,
      body:
        clock.nowMs() - startMs < redeemedMs ? blockedUntil(atSecs(minutesMs(120))) : free(minutesMs(300)),
    }));
    await run();
    const waiting = start(['--wait']);
    await clock.runUntil(() => clock.nowMs() - startMs >= redeemedMs);
    // A consume ends the epoch of the stored reads.
    rmSync(join(home, 'account-server/limits-epoch'));
    const { exitCode, atMs } = await ended(clock, waiting);
    expect(exitCode).toBe(0);
    expect(atMs).toBeLessThanOrEqual(redeemedMs + 30_000);
  });
});

test('failures, and a Retry-After, only delay the end', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    let reads = 0;
    backend.script('usage', () => {
      reads += 1;
      if (reads < 2) return { status: 500, body: '' };
      if (reads < 3) return { status: 429, headers: { 'retry-after': '120' }, body: '' };
      return { status: 200, body: free(minutesMs(300)) };
    });
    const run = start(['--wait']);
    expect((await ended(clock, run)).exitCode).toBe(0);
    expect(run.stdout.text()).toBe('Use is allowed.\n');
    expect(run.stderr.text()).toMatch(/^The backend answered with status 500.*\n(.+\n)+$/);
  });
});

test('--timeout ends the wait with 7 and what was read last', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    backend.script('usage', () => ({ status: 200, body: blockedUntil(atSecs(minutesMs(600))) }));
    const run = start(['--wait', '--timeout', '1h30m']);
    const { exitCode, atMs } = await ended(clock, run);
    expect([exitCode, atMs]).toEqual([7, minutesMs(90)]);
    expect(run.stdout.text()).toBe('Blocked until 10:00: the rate limit is reached (5 hours)\n');
    expect(run.stderr.text()).toMatch(/\.\nThe time of --timeout has passed\.\n$/);
  });
});

test('a wait for a window that the account does not have ends at once with 4', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start }) => {
    const run = start(['--wait', '--need', '17:5']);
    expect(await ended(clock, run)).toEqual({ exitCode: 4, atMs: 0 });
    expect(run.stdout.text()).toMatch(/no such window/);
  });
});

test('a wait that is signed out ends at once with 5', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock, auth: 'none' }, async ({ start }) => {
    expect(await ended(clock, start(['--wait']))).toEqual({ exitCode: 5, atMs: 0 });
  });
});

test('a countdown fits the terminal if the letters of its date are two columns wide', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    backend.script('usage', () => ({
      status: 200,
      body:
        clock.nowMs() - startMs < minutesMs(5)
          ? blockedUntil(atSecs(minutesMs(4_000)))
          : free(minutesMs(300)),
    }));
    const run = start(['--wait'], { errorColumns: 40, env: { LC_ALL: 'zh_CN.UTF-8' } });
    expect((await ended(clock, run)).exitCode).toBe(0);
    const lines = run.stderr.text().split('\r\u001b[K').slice(1, -1);
    expect(Math.max(...lines.map(widthOf))).toBe(39);
  });
});

test('a terminal shows a countdown, which is removed in the end', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async ({ start, backend }) => {
    backend.script('usage', () => ({
      status: 200,
      body:
        clock.nowMs() - startMs < minutesMs(2) ? blockedUntil(atSecs(minutesMs(2))) : free(minutesMs(300)),
    }));
    const run = start(['--wait'], { errorColumns: 40 });
    expect((await ended(clock, run)).exitCode).toBe(0);
    const lines = run.stderr.text().split('\r\u001b[K');
    expect(lines.slice(1, 3)).toEqual([
      'Blocked until 00:02: the rate l... 2:00',
      'Blocked until 00:02: the rate l... 1:59',
    ]);
    expect(lines.at(-1)).toBe('');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(41);
  });
});

test.each([
  ['--wait --watch', '--wait and --watch exclude each other'],
  ['--wait --preset tmux', '--wait and --preset exclude each other'],
  ['--wait --cached', '--wait and --cached exclude each other'],
  ['--wait --max-age 5', '--wait and --max-age exclude each other'],
  ['--wait --need 300:1 --fail-open', '--wait and --fail-open exclude each other'],
  ['--wait --timeout soon', "--timeout takes a duration such as 90s, 30m, 6h or 7d, not 'soon'"],
  ['--wait --timeout 0s', "not '0s'"],
  ['--wait --timeout 400d', "not '400d'"],
])('usage %s is wrong use, and nothing is read', requireWrongUse);
