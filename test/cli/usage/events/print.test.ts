import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { UsageEvent } from '../../../../src/protocol/schema/reports/usage-event.js';
import { createSimulatedClock, type SimulatedClock } from '../../../support/clocks/simulated-clock.js';
import { type UsageFixture, type UsageRun, usageOf, withUsage } from '../fixture.js';
import { shownMode } from '../../../support/files/shown-mode.js';
import { unixTest } from '../../../support/unix-test.js';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const minutes = (count: number): number => count * 60_000;
const on = 'low:20,critical:5,reached,allowed,reset,credit-granted,failed';

function printed(run: UsageRun): UsageEvent[] {
  const lines = run.stdout.text().split('\n').slice(0, -1);
  return lines.map((line) => UsageEvent.parse(JSON.parse(line)));
}

/** Starts a watch, whose backend answers with the body for the time. Runs it for some minutes. */
async function runWatch(
  clock: SimulatedClock,
  { start, backend }: UsageFixture,
  options: { until: () => boolean; body: (mins: number) => object | number; args?: string[] },
): Promise<UsageRun> {
  backend.script('usage', () => {
    const body = options.body((clock.nowMs() - startMs) / 60_000);
    return typeof body === 'number' ? { status: body, body: '' } : { status: 200, body };
  });
  const run = start(options.args ?? ['--watch', '--on', on, '--print']);
  await clock.runUntil(options.until);
  return run;
}

/** Returns a usage body with a window of five hours that resets at `resetMins`. */
const body = (usedPercent: number, resetMins: number, isAllowed = true): object =>
  usageOf(
    { used_percent: usedPercent, limit_window_seconds: 18_000, reset_at: startMs / 1000 + resetMins * 60 },
    isAllowed,
  );

/** Use that grows to a block at minute 120, and a reset at minute 180. */
const day = (mins: number): object => {
  if (mins >= 180) return body(0, 480);
  return body(Math.min(100, Math.floor(mins)), 180, mins < 120);
};

test('events are printed as JSON lines, each edge once', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async (fixture) => {
    const run = await runWatch(clock, fixture, {
      until: () => clock.nowMs() > startMs + minutes(300),
      body: day,
    });
    run.stop();
    expect(await run.exitCode).toBe(0);
    const events = printed(run);
    expect(events.map(({ kind }) => kind)).toEqual(['low', 'critical', 'reached', 'allowed', 'reset']);
    expect(events[0]).toEqual({
      ...{ version: 1, kind: 'low', limit: 'rateLimit', limitId: 'codex', windowDurationMins: 300 },
      ...{ at: expect.any(Number) as number, resetsAt: startMs / 1000 + 10_800 },
      ...{ usedPercent: expect.any(Number) as number, leftPercent: expect.any(Number) as number },
      ...{ creditId: null, expiresAt: null, availableCount: null, errorKind: null },
      message: expect.stringMatching(/^5 hours: (20|1\d) % left, resets 03:00$/) as string,
    });
    expect(events.map(({ message }) => message).slice(2)).toEqual([
      'Use is blocked until 03:00: the rate limit is reached (5 hours)',
      'Use is allowed again',
      expect.stringMatching(/^5 hours: started again, 100 % left, resets /) as string,
    ]);
  });
});

test('a restart reports nothing again, and what came meanwhile', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async (fixture) => {
    const first = await runWatch(clock, fixture, {
      until: () => clock.nowMs() > startMs + minutes(90),
      body: day,
    });
    first.stop();
    await first.exitCode;
    expect(printed(first).map(({ kind }) => kind)).toEqual(['low']);
    const sooner = await runWatch(clock, fixture, {
      until: () => clock.nowMs() > startMs + minutes(93),
      body: day,
    });
    sooner.stop();
    await sooner.exitCode;
    expect(printed(sooner)).toEqual([]);
    const second = await runWatch(clock, fixture, {
      until: () => clock.nowMs() > startMs + minutes(130),
      body: day,
    });
    second.stop();
    await second.exitCode;
    expect(printed(second).map(({ kind }) => kind)).toEqual(['critical', 'reached']);
  });
});

test('failures are one event, until a read succeeds', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async (fixture) => {
    const run = await runWatch(clock, fixture, {
      until: () => clock.nowMs() > startMs + minutes(200),
      body: (mins) => (mins > 10 && mins < 60 ? 403 : mins > 120 && mins < 150 ? 403 : body(1, 900)),
    });
    run.stop();
    await run.exitCode;
    expect(printed(run)).toMatchObject([
      { kind: 'failed', errorKind: 'backendStatus', message: 'The limits cannot be read (backendStatus)' },
      { kind: 'failed' },
    ]);
    expect(run.stderr.text()).toMatch(/^The backend answered with status 403/);
  });
});

test('what is remembered is in a file of mode 0600 without a login', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async (fixture) => {
    const run = await runWatch(clock, fixture, {
      until: () => clock.nowMs() > startMs + minutes(90),
      body: day,
    });
    run.stop();
    await run.exitCode;
    const folder = join(fixture.home, 'account-server');
    const [name = ''] = readdirSync(folder).filter((each) => /^events-[0-9a-f]{16}\.json$/.test(each));
    expect(statSync(join(folder, name)).mode & 0o777).toBe(shownMode(0o600));
    const text = readFileSync(join(folder, name), 'utf8');
    const auth = readFileSync(join(fixture.home, 'auth.json'), 'utf8');
    const secrets = auth.match(/[\w.-]{24,}/g) ?? [];
    expect(secrets.length).toBeGreaterThan(1);
    expect([...secrets, '@'].filter((secret) => text.includes(secret))).toEqual([]);
  });
});

test.each([
  ['torn', '{"version":1,"acc', /cannot be read: conditions that hold are reported again\n/, 0],
  ['of a newer version', '{"version":2}', /was written by a newer version of this program\.\n$/, 1],
])('a file that is %s is reported', (_name, text, stderr, exitCode) => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async (fixture) => {
    const options = { body: () => body(90, 600), until: () => clock.nowMs() > startMs + minutes(1) };
    const first = await runWatch(clock, fixture, options);
    first.stop();
    await first.exitCode;
    const folder = join(fixture.home, 'account-server');
    const [name = ''] = readdirSync(folder).filter((each) => /^events-.*\.json$/.test(each));
    writeFileSync(join(folder, name), text);
    const run = fixture.start(['--watch', '--on', on, '--print']);
    let isOver = false;
    void run.exitCode.then(() => {
      isOver = true;
    });
    await clock.runUntil(() => isOver || clock.nowMs() > startMs + minutes(20));
    run.stop();
    expect(await run.exitCode).toBe(exitCode);
    expect(run.stderr.text()).toMatch(stderr);
    expect(printed(run).map(({ kind }) => kind)).toEqual(exitCode === 0 ? ['low'] : []);
  });
});

unixTest('a folder that cannot be written to is reported once, and the watch goes on', () => {
  const clock = createSimulatedClock();
  return withUsage({ clock }, async (fixture) => {
    await fixture.run();
    const folder = join(fixture.home, 'account-server');
    // For root, a folder in place of the file.
    chmodSync(folder, 0o500);
    try {
      const run = await runWatch(clock, fixture, {
        until: () => clock.nowMs() > startMs + minutes(140),
        body: day,
      });
      run.stop();
      expect(await run.exitCode).toBe(0);
      expect(printed(run).map(({ kind }) => kind)).toEqual(['low', 'critical', 'reached']);
      const warnings = run.stderr.text().match(/cannot be stored/g) ?? [];
      expect(warnings).toHaveLength(process.getuid?.() === 0 ? 0 : 1);
    } finally {
      chmodSync(folder, 0o700);
    }
  });
});
