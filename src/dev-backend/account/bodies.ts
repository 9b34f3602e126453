import type { Account } from './account.js';
import type { ResetCredit } from './credit-ledger.js';
import { availableCredits, creditStatus } from './credit-ledger.js';
import type { SpendLimit } from './scenarios.js';
import type { Window } from './windows.js';
import { currentWindow, usedPercent } from './windows.js';

/** Builds the body of a usage response. */
export function usageBody(account: Account, nowMs: number): object {
  const { identity } = account;
  const spendControl = spendControlBody(account.spendLimit, nowMs);
  const windows = rateLimitBody(account.primary, account.secondary, nowMs);
  const rateLimit = windows && { ...windows, allowed: windows.allowed && !spendControl.reached };
  return {
    user_id: identity.userId,
    account_id: identity.accountId,
    email: identity.email,
    plan_type: account.plan,
    rate_limit: rateLimit,
    rate_limit_reached_type: reachedType(spendControl.reached, rateLimit?.limit_reached ?? false),
    additional_rate_limits: account.extra && [
      {
        metered_feature: 'codex_extra',
        limit_name: 'Extra model',
        normal_model_slug: null,
        rate_limit: rateLimitBody(account.extra, null, nowMs),
      },
    ],
    credits: { has_credits: false, unlimited: false, balance: '0' },
    spend_control: spendControl,
    rate_limit_reset_credits: { available_count: availableCredits(account.ledger, nowMs).length },
  };
}

/** Builds the body of a reset-credits response. It lists every credit ever granted. */
export function creditsBody(account: Account, nowMs: number): object {
  const { ledger } = account;
  return {
    available_count: availableCredits(ledger, nowMs).length,
    credits: ledger.credits.map((credit) => creditRow(credit, creditStatus(ledger, credit, nowMs))),
  };
}

/** Builds the spend control. Its limit resets at the start of the next month. */
function spendControlBody(spendLimit: SpendLimit | null, nowMs: number) {
  if (spendLimit === null) return { reached: false, individual_limit: null };
  const { limit, used } = spendLimit;
  const usedPercent = Math.floor((used / limit) * 100);
  const resetsAt = nextMonth(nowMs);
  return {
    reached: used >= limit,
    individual_limit: {
      source: 'workspace',
      limit: `${limit}`,
      used: `${used}`,
      remaining: `${limit - used}`,
      used_percent: usedPercent,
      remaining_percent: 100 - usedPercent,
      reset_after_seconds: resetsAt - Math.floor(nowMs / 1000),
      reset_at: resetsAt,
    },
  };
}

function reachedType(isSpendLimitReached: boolean, isLimitReached: boolean) {
  if (isSpendLimitReached) return { type: 'workspace_member_usage_limit_reached' };
  return isLimitReached ? { type: 'rate_limit_reached' } : null;
}

/** Returns the start of the next month in Unix seconds. */
function nextMonth(nowMs: number): number {
  const now = new Date(nowMs);
  return Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1) / 1000;
}

/** Builds the body of a limit; null without any window. */
function rateLimitBody(primary: Window | null, secondary: Window | null, nowMs: number) {
  if (primary === null && secondary === null) return null;
  const primaryBody = windowBody(primary, nowMs);
  const secondaryBody = windowBody(secondary, nowMs);
  const isReached = [primaryBody, secondaryBody].some((body) => body?.used_percent === 100);
  return {
    allowed: !isReached,
    limit_reached: isReached,
    primary_window: primaryBody,
    secondary_window: secondaryBody,
  };
}

function windowBody(window: Window | null, nowMs: number) {
  if (window === null) return null;
  const current = currentWindow(window, nowMs);
  return {
    used_percent: usedPercent(current, nowMs),
    limit_window_seconds: current.lengthSeconds,
    reset_after_seconds: Math.ceil((current.resetsAtMs - nowMs) / 1000),
    // Rounded up, so that a client that reads again at this second finds the window reset.
    reset_at: Math.ceil(current.resetsAtMs / 1000),
  };
}

function creditRow(credit: ResetCredit, status: string): object {
  return {
    id: credit.id,
    reset_type: 'codex_rate_limits',
    status,
    granted_at: new Date(credit.grantedAtMs).toISOString(),
    expires_at: credit.expiresAtMs === null ? null : new Date(credit.expiresAtMs).toISOString(),
    title: credit.title,
    description: credit.description,
  };
}
