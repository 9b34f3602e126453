import { expect, test } from 'vitest';
import { devIdentity } from '../../../../src/dev-backend/identity.js';
import { UsageEvent } from '../../../../src/protocol/schema/reports/usage-event.js';
import { createSimulatedClock } from '../../../support/clocks/simulated-clock.js';
import { type UsageRun, withUsage } from '../fixture.js';

const startMs = Date.parse('2026-01-01T00:00:00Z');
const hourMs = 3_600_000;
const secsAt = (hours: number): number => startMs / 1000 + hours * 3_600;

/** Ten days of an account, by the hour. Each part of a day shows one thing that backends do. */
function accountAt(hours: number): { status?: number; retryAfter?: string; body?: object } {
  if (hours >= 72 && hours < 78) return { status: 429, retryAfter: '60' };
  if (hours >= 216 && hours < 219) return { status: 500 };
  const week = {
    used_percent: weekUse(hours),
    limit_window_seconds: 604_800,
    reset_at: secsAt(hours < 168 ? 168 : 336),
  };
  const { used, resets, isAllowed } = fiveHours(hours);
  const five = { used_percent: used, limit_window_seconds: 18_000, reset_at: secsAt(resets) };
  return {
    body: {
      account_id: devIdentity.accountId,
      user_id: devIdentity.userId,
      plan_type: 'pro',
      rate_limit: { allowed: isAllowed, primary_window: five, secondary_window: week },
      rate_limit_reset_credits: { available_count: creditIds(hours).length },
      rate_limit_reached_type: isAllowed ? null : { type: 'rate_limit_reached' },
    },
  };
}

const weekUse = (hours: number): number => (hours < 168 ? Math.floor(hours / 2) : 1);

function fiveHours(hours: number): { used: number; resets: number; isAllowed: boolean } {
  // Day 1: used up at 12:00, and reset early at 13:00 instead of 15:00.
  if (hours >= 34 && hours < 37)
    return { used: Math.min(100, Math.floor((hours - 34) * 50)), resets: 39, isAllowed: hours < 36 };
  // Day 2: reset at 11:00, undone at 12:00, and reset again at 14:00.
  if (hours >= 57 && hours < 59) return { used: 100, resets: 62, isAllowed: false };
  if (hours >= 60 && hours < 62) return { used: 100, resets: 62, isAllowed: false };
  // Day 4: blocked when the machine falls asleep for nine hours.
  if (hours >= 100 && hours < 105) return { used: 100, resets: 105, isAllowed: false };
  // Day 6: blocked, and the reset comes forty minutes late.
  if (hours >= 150 && hours < 152 + 40 / 60) return { used: 100, resets: 152, isAllowed: false };
  return { used: 0, resets: Math.floor(hours) + 5, isAllowed: true };
}

/** A credit is granted on day 5, which expires on day 9. */
const creditIds = (hours: number): string[] =>
  hours >= 125 && hours < 220 ? ['first', 'second'] : ['first'];

function creditsAt(hours: number): object {
  const credits = creditIds(hours).map((id) => ({
    ...{ id, reset_type: 'codex_rate_limits', status: 'available', granted_at: '2026-01-01T00:00:00Z' },
    expires_at: id === 'first' ? null : new Date(startMs + 220 * hourMs).toISOString(),
  }));
  return { available_count: credits.length, credits };
}

/** In whole hours since the start. A watch that has slept reads at the end of its pause, a wait within a minute. */
const expected = {
  events: [
    ...['35 low 300', '35 critical 300', '36 reached 300', '37 allowed', '37 reset 300'],
    ...['57 reached 300', '57 critical 300', '59 allowed', '59 reset 300'],
    ...['60 reached 300', '60 critical 300', '62 allowed', '62 reset 300'],
    '72 failed',
    ...['100 reached 300', '100 critical 300', '110 allowed', '110 reset 300'],
    '125 creditGranted',
    ...['150 reached 300', '150 critical 300', '153 allowed', '153 reset 300'],
    ...['160 low 10080', '168 reset 10080', '196 creditExpiring', '216 failed'],
  ],
  gates: [
    ...['1 0', '36 3', '37 0', '57 3', '59 0', '60 3', '62 0', '72 4', '78 0', '100 3', '110 0'],
    ...['150 3', '152 4', '153 0', '216 4', '219 0'],
  ],
  waits: ['36 to 37', '57 to 59', '60 to 62', '100 to 110', '150 to 152'],
};

test('ten days: each event once, the gate as the account is, and a wait for each block', () => {
  const clock = createSimulatedClock();
  const hoursNow = (): number => (clock.nowMs() - startMs) / hourMs;
  return withUsage({ clock }, async ({ start, run, backend }) => {
    backend.script('usage', () => {
      const { status = 200, retryAfter, body = {} } = accountAt(hoursNow());
      return { status, body, ...(retryAfter && { headers: { 'retry-after': retryAfter } }) };
    });
    backend.script('credits', () => ({ status: 200, body: creditsAt(hoursNow()) }));
    const on = 'low:20,critical:5,reached,allowed,reset,credit-granted,credit-expiring:1d,failed';
    const watch = start(['--watch', '--on', on, '--print', '--interval', '300']);
    const waits: { run: UsageRun; from: number; to?: number }[] = [];
    const gates: string[] = [];
    for (let hour = 1; hour < 240; hour += 1) {
      if (hoursNow() >= hour) continue;
      await clock.runUntil(() => hoursNow() >= hour);
      if (hour === 101) clock.sleep(9 * hourMs);
      const verdict = (await run('--need', 'tightest:10')).exitCode;
      const last = gates.at(-1)?.split(' ')[1];
      if (`${verdict}` !== last) gates.push(`${Math.floor(hoursNow())} ${verdict}`);
      if (verdict === 3 && waits.every(({ to }) => to !== undefined)) {
        const wait: (typeof waits)[number] = { run: start(['--wait']), from: Math.floor(hoursNow()) };
        waits.push(wait);
        void wait.run.exitCode.then(() => {
          wait.to = Math.floor(hoursNow());
        });
      }
    }
    watch.stop();
    expect(await watch.exitCode).toBe(0);
    const events = watch.stdout
      .text()
      .split('\n')
      .slice(0, -1)
      .map((line) => {
        const { at, kind, windowDurationMins: mins } = UsageEvent.parse(JSON.parse(line));
        return `${Math.floor((at - startMs / 1000) / 3_600)} ${kind}${mins === null ? '' : ` ${mins}`}`;
      });
    expect({ events, gates, waits: waits.map(({ from, to }) => `${from} to ${to}`) }).toEqual(expected);
  });
}, 120_000);
