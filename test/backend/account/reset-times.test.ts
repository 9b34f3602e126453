import { expect, test } from 'vitest';
import { withAccount } from '../../support/account-fixture.js';
import { createManualClock } from '../../support/clocks/manual-clock.js';

const now = createManualClock().nowMs() / 1000;

interface Read {
  readonly result: {
    readonly rateLimits: {
      primary: { resetsAt: number } | null;
      individualLimit: { resetsAt: number } | null;
    };
    readonly rateLimitsByLimitId: Record<string, { primary: { resetsAt: number } | null }>;
  };
}

/** The members of the usage that say when something resets, and the reset time of the answer. */
const resets: [string, object, number | null][] = [
  ['only the seconds left', { reset_after_seconds: 90 }, now + 90],
  ['a reset time of null', { reset_at: null, reset_after_seconds: 0 }, now],
  ['a reset time that cannot be read', { reset_at: 'soon', reset_after_seconds: '90' }, now + 90],
  ['both', { reset_at: 5, reset_after_seconds: 90 }, 5],
  ['seconds that cannot be read', { reset_after_seconds: 'few' }, null],
  ['more seconds than have ever been', { reset_after_seconds: 1e15 }, null],
  ['neither', {}, null],
];

test.each(resets)('the reset time of a window with %s', (_what, members, resetsAt) =>
  withAccount({ clock: createManualClock() }, async ({ backend, read }) => {
    const rateLimit = { primary_window: { used_percent: 5, limit_window_seconds: 60, ...members } };
    backend.script('usage', {
      body: {
        rate_limit: rateLimit,
        additional_rate_limits: [{ metered_feature: 'more', rate_limit: rateLimit }],
      },
    });
    const { result } = (await read()) as unknown as Read;
    const window = { usedPercent: 5, windowDurationMins: 1, resetsAt };
    expect([result.rateLimits.primary, result.rateLimitsByLimitId.more?.primary]).toEqual([window, window]);
  }),
);

test.each(resets)('the reset time of a spend limit with %s', (_what, members, resetsAt) =>
  withAccount({ clock: createManualClock() }, async ({ backend, read }) => {
    const limit = { limit: '10', used: '4', remaining_percent: 60, ...members };
    backend.script('usage', { body: { spend_control: { reached: false, individual_limit: limit } } });
    const { result } = (await read()) as unknown as Read;
    const shown = { limit: '10', used: '4', remainingPercent: 60, resetsAt };
    expect(result.rateLimits.individualLimit).toEqual(resetsAt === null ? null : shown);
  }),
);
