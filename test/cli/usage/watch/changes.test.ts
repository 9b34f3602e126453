import { expect, test } from 'vitest';
import type { Clock } from '../../../../src/util/clock.js';
import { createSimulatedClock } from '../../../support/clocks/simulated-clock.js';
import { usageOf, withUsage } from '../fixture.js';

const hourMs = 3_600_000;

/** An unused window of five hours: its reset time moves along with the clock. */
const unusedWindow = (clock: Clock): object => ({
  used_percent: 0,
  limit_window_seconds: 18_000,
  reset_at: Math.floor(clock.nowMs() / 1000) + 18_000,
});

/** A used window whose reset time varies by 40 s. */
const waveringWindow = (_clock: Clock, reads: number): object => ({
  used_percent: 42,
  limit_window_seconds: 18_000,
  reset_at: Date.parse('2026-01-01T04:00:00Z') / 1000 + (reads % 3) * 20,
});

test.each([
  ['an unused window', '--json', unusedWindow, { reads: 37, lines: 12 }],
  ['an unused window', '--format={window:300} {resetsAt:300}', unusedWindow, { reads: 37, lines: 12 }],
  ['an unused window', '--format={window:300} {resetsIn:300}', unusedWindow, { reads: 37, lines: 2 }],
  [
    'an unused window that binds',
    '--format={tightest} {tightest:resetsIn}',
    unusedWindow,
    { reads: 37, lines: 2 },
  ],
  ['a window at rest', '--json', waveringWindow, { reads: 37, lines: 1 }],
  ['a window at rest', '--format={window:300} {resetsAt:300}', waveringWindow, { reads: 37, lines: 1 }],
  ['a window at rest', '--format={window:300} {resetsIn:300}', waveringWindow, { reads: 37, lines: 37 }],
])(
  'an idle account is read less often, and a line comes only with a change: %s, %s',
  async (_what, option, window, expected) => {
    const clock = createSimulatedClock();
    await withUsage({ clock }, async ({ start: begin, backend }) => {
      let reads = 0;
      backend.script('usage', () => {
        reads += 1;
        return { body: usageOf(window(clock, reads)) };
      });
      const startMs = clock.nowMs();
      const { stdout, stop, exitCode } = begin(['--watch', option]);
      await clock.runUntil(() => clock.nowMs() - startMs >= 3 * hourMs);
      stop();
      expect(await exitCode).toBe(0);
      expect({ reads, lines: stdout.text().split('\n').length - 1 }).toEqual(expected);
    });
  },
);

test('after a failure the values are printed again as JSON', async () => {
  const clock = createSimulatedClock();
  await withUsage({ clock }, async ({ start: begin, backend }) => {
    let reads = 0;
    backend.script('usage', () => {
      reads += 1;
      return reads === 2 ? { status: 400, body: {} } : { body: usageOf(waveringWindow(clock, 0)) };
    });
    const { stdout, stop, exitCode } = begin(['--watch', '--json']);
    await clock.runUntil(() => reads > 4);
    stop();
    await exitCode;
    const lines = stdout.text().trim().split('\n');
    const kindOf = (line: string): string => ('error' in (JSON.parse(line) as object) ? 'error' : 'values');
    expect(lines.map(kindOf)).toEqual(['values', 'error', 'values']);
  });
});
