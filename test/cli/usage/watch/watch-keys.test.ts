import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { DevBackend } from '../../../../src/dev-backend/server.js';
import { createSimulatedClock, type SimulatedClock } from '../../../support/clocks/simulated-clock.js';
import { type UsageRun, withUsage } from '../fixture.js';

const onTerminal = { columns: 80, hasKeyboard: true };

interface Watch extends UsageRun {
  readonly clock: SimulatedClock;
  readonly backend: DevBackend;
  /** How often the limits were read. */
  reads(): number;
}

/** Calls `act` with a watch on a terminal with a keyboard that has read once. The act ends it. */
async function withWatch(act: (watch: Watch) => Promise<void>): Promise<void> {
  const clock = createSimulatedClock();
  await withUsage({ clock, scenario: 'at-limit' }, async ({ start, backend }) => {
    const run = start(['--watch'], onTerminal);
    await run.stdout.until(/next read in/);
    const reads = (): number => backend.requests.filter(({ url }) => url.endsWith('/usage')).length;
    await act({ ...run, clock, backend, reads });
    expect(run.keyboard.at(-1)).toBe('usual');
  });
}

const last = ({ stdout }: Pick<UsageRun, 'stdout'>): string => stripVTControlCharacters(stdout.text());

test.each([['q'], ['Q'], ['\u0004']])('the key %j ends a watch with the code of the last values', (key) =>
  withWatch(async ({ press, exitCode, stdout, stderr }) => {
    press(key);
    expect([await exitCode, stderr.text()]).toEqual([3, '']);
    expect(stripVTControlCharacters(stdout.text().split('\u001b[?1049l')[1] ?? '')).not.toContain(
      'next read',
    );
  }),
);

test('the last line counts down once a second, and only the lines that change are drawn', () =>
  withWatch(async ({ press, clock, stdout, exitCode }) => {
    const before = stdout.text().length;
    await clock.runUntil(() => last({ stdout }).includes('next read in 55 s'));
    const drawn = stdout.text().slice(before);
    expect(drawn.match(/next read in \d+ s/g)).toEqual(
      [59, 58, 57, 56, 55].map((seconds) => `next read in ${seconds} s`),
    );
    expect(drawn.slice(drawn.indexOf('in 59 s'))).not.toContain('5 hours');
    press('q');
    await exitCode;
  }));

test('r reads now, but not within 2 s of the last read', () =>
  withWatch(async ({ press, clock, stdout, exitCode, reads }) => {
    press('r');
    expect([reads(), last({ stdout }).includes('r reads now')]).toEqual([1, false]);
    await clock.runUntil(() => last({ stdout }).includes('r reads now'));
    press('r');
    await clock.runUntil(() => reads() === 2);
    const before = stdout.text().length;
    press('rrr');
    await clock.runUntil(() => stdout.text().slice(before).includes('r reads now'));
    expect(reads()).toBe(2);
    press('q');
    await exitCode;
  }));

test('r does not read before a Retry-After has passed', () =>
  withWatch(async ({ press, clock, stdout, exitCode, reads, backend }) => {
    backend.script('usage', { status: 429, headers: { 'retry-after': '600' }, body: {} });
    await clock.runUntil(() => last({ stdout }).includes('r reads now'));
    press('r');
    await clock.runUntil(() => last({ stdout }).includes('The backend was asked too often'));
    const before = reads();
    await clock.runUntil(() => last({ stdout }).includes('next read in 8 min · q quits'));
    press('r');
    await clock.runUntil(() => last({ stdout }).includes('next read in 7 min · q quits'));
    expect(reads()).toBe(before);
    press('q');
    expect(await exitCode).toBe(1);
  }));

test('Ctrl-C, Ctrl-Z and Ctrl-\\ send the signals that they send otherwise, and other keys do nothing', () =>
  withWatch(async ({ press, keyboard, stop, exitCode }) => {
    press('x\u001b[A \r');
    press('\u001br');
    press('\u001a\u001c\u0003');
    await new Promise(setImmediate);
    expect(keyboard).toEqual(['raw', 'SIGTSTP', 'SIGQUIT', 'SIGINT']);
    stop();
    expect(await exitCode).toBe(3);
  }));

test('a suspended watch gives the keyboard back meanwhile', () =>
  withWatch(async ({ keyboard, suspend, resume, stop, exitCode }) => {
    suspend();
    expect(keyboard).toEqual(['raw', 'usual']);
    resume();
    expect(keyboard).toEqual(['raw', 'usual', 'raw']);
    stop();
    await exitCode;
  }));

test('without a terminal as stdin the last line names no keys', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start }) => {
    const run = start(['--watch'], { columns: 80 });
    await run.stdout.until(/next read in/);
    expect([last(run).includes('q quits'), run.keyboard]).toEqual([false, []]);
    run.stop();
    await run.exitCode;
  });
});
