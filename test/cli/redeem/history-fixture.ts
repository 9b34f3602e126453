import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { expect } from 'vitest';
import { runUsage } from '../../../src/cli/usage/command.js';
import { devEnvironment } from '../../../src/dev-backend/environment.js';
import { type Clock, systemClock } from '../../../src/util/clock.js';
import { plainEnvironment } from '../plain-environment.js';
import { createScreen } from '../screen.js';
import { type RedeemCommandFixture, withRedeem } from './fixture.js';

export const hourMs = 3_600_000;
export const weekSecs = 604_800;
const verifyPausesMs = [1_000, 2_000, 4_000, 8_000];

export interface History extends RedeemCommandFixture {
  /** When the history begins, in Unix seconds. */
  readonly startSecs: number;
  readonly clock: Clock;
  /** Runs `usage` and resolves with its output. */
  usage(args: readonly string[], options?: { columns?: number; env?: NodeJS.ProcessEnv }): Promise<string>;
  /** Makes the backend show this use of the week and its boundary, in seconds after the start. */
  show(usedPercent: number, endsAfterSecs: number): void;
  /** Lets time pass until this time after the start, and reads the limits as `usage` does. */
  usageAt(afterMs: number): Promise<void>;
  /** Lets time pass. */
  passUntil(afterMs: number): void;
  /** The lines of the log about windows: the time in seconds after the start, and the figures. */
  logged(): unknown[];
}

/** Runs `act` with a clock that a test sets and a backend whose windows it scripts. The pauses of `redeem` are skipped. */
export function withHistory(act: (history: History) => Promise<void>): Promise<void> {
  const startMs = Math.floor(systemClock.nowMs() / 1000) * 1000;
  let nowMs = startMs;
  const clock: Clock = {
    ...systemClock,
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    after: (delayMs, callback) => systemClock.after(verifyPausesMs.includes(delayMs) ? 0 : delayMs, callback),
  };
  return withRedeem({ clock }, (fixture) => {
    const { backend, home } = fixture;
    const startSecs = startMs / 1000;
    const passUntil = (afterMs: number): void => {
      nowMs = startMs + afterMs;
    };
    const usage: History['usage'] = async (args, { columns, env: own } = {}) => {
      const env = { ...plainEnvironment(home), ...devEnvironment(backend.url), ...own };
      const streams = { stdout: createScreen(columns), stderr: createScreen() };
      const jobControl = { follow: () => () => undefined, raise: () => undefined };
      const stdin = Object.assign(new PassThrough(), { isTTY: false, setRawMode: () => undefined });
      const program = { node: '', script: '', startRead: () => Promise.reject(new Error('not used')) };
      const untilStopped = (): Promise<void> => new Promise(() => undefined);
      await runUsage(args, {
        ...{ ...streams, stdin, env, serverEnv: env, clock, random: () => 0.5, jobControl, untilStopped },
        ...{ program, watchReader: () => () => undefined },
        endBySignal: () => undefined,
      });
      expect(streams.stderr.text()).toBe('');
      return streams.stdout.text();
    };
    return act({
      ...fixture,
      startSecs,
      clock,
      passUntil,
      show(used_percent, endsAfterSecs) {
        const body = {
          account_id: 'account-dev',
          user_id: 'user-dev',
          plan_type: 'pro',
          rate_limit: {
            allowed: used_percent < 100,
            limit_reached: used_percent >= 100,
            primary_window: {
              used_percent,
              limit_window_seconds: weekSecs,
              reset_at: startSecs + endsAfterSecs,
            },
          },
          rate_limit_reset_credits: { available_count: 2 },
          rate_limit_reached_type: used_percent < 100 ? null : { type: 'rate_limit_reached' },
        };
        backend.script('usage', { body });
      },
      usage,
      async usageAt(afterMs) {
        passUntil(afterMs);
        await usage([]);
      },
      logged: () =>
        readFileSync(join(home, 'account-server/limits-log.jsonl'), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as Record<string, unknown>)
          .filter(({ kind }) => kind === 'window')
          .map(({ at, before, after, move, movedWithoutUs }) => [
            withoutOwnTime(Number(at) - startSecs),
            figures(before, startSecs),
            figures(after, startSecs),
            move,
            movedWithoutUs,
          ]),
    });
  });
}

/** The server that `redeem` starts has a clock of its own, which is a little later than that of the test. */
export function withoutOwnTime(secs: number): number {
  return secs < 30 ? 0 : secs;
}

function figures(value: unknown, startSecs: number): number[] | null {
  if (value === null) return null;
  const { usedPercent, resetsAt } = value as { usedPercent: number; resetsAt: number };
  return [usedPercent, resetsAt - startSecs];
}

/** The end of the week before the redemption, in seconds after the start. */
export const oldEnd = 300_000;

/** Redeems at the start: the week of 74 % begins again, and is used up to 16 %. */
export async function redeemWeek({ show, run, usageAt, backend, passUntil }: History): Promise<void> {
  show(74, oldEnd);
  await usageAt(0);
  backend.script('consume', () => {
    show(0, weekSecs + 60);
    return { body: { code: 'reset', windows_reset: 1 } };
  });
  passUntil(60_000);
  expect((await run('--yes')).exitCode).toBe(0);
  await usageAt(120_000);
  show(16, weekSecs + 600);
}
