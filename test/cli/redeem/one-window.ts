import { devIdentity } from '../../../src/dev-backend/identity.js';
import type { RedeemCommandFixture } from './fixture.js';

/** The limits of an account with a window of five hours and one reset credit. */
export interface OneWindow {
  readonly usedPercent: number;
  readonly resetsInMins: number;
  /** The limit that blocks; undefined if use is allowed. */
  readonly reached?: string;
}

/** Replaces the usage by these limits. */
export function setUsage(
  { backend }: Pick<RedeemCommandFixture, 'backend'>,
  { usedPercent, resetsInMins, reached }: OneWindow,
  nowMs = Date.now() + 30_000,
): void {
  const reset_at = Math.floor(nowMs / 1000) + resetsInMins * 60;
  backend.script('usage', {
    body: {
      account_id: devIdentity.accountId,
      user_id: devIdentity.userId,
      plan_type: 'pro',
      rate_limit: {
        allowed: reached === undefined,
        primary_window: { used_percent: usedPercent, limit_window_seconds: 18_000, reset_at },
      },
      rate_limit_reset_credits: { available_count: 1 },
      rate_limit_reached_type: reached === undefined ? null : { type: reached },
    },
  });
}
