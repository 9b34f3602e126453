import type { RateLimitsReply } from '../backend/account/read-rate-limits.js';
import type {
  WireAdditionalRateLimit,
  WireCredits,
  WireUsage,
  WireWindow,
} from '../backend/account/wire-usage.js';
import type { BackendIdentity } from '../backend/request/identity.js';
import { normalizedJson, rawJson } from '../framing/raw-json.js';
import { memberText } from '../framing/raw-spans.js';
import type { PlanType } from '../protocol/schema/plan-type.js';
import type {
  CreditsSnapshot,
  GetAccountRateLimitsResponse,
  RateLimitReachedType,
  RateLimitSnapshot,
  RateLimitWindow,
} from '../protocol/schema/rate-limits.js';
import { planTypeFromWire } from './plan.js';
import { resetCreditsFromWire } from './reset-credits.js';
import { resetTime } from './reset-time.js';
import { spendControlFromWire } from './spend-control.js';

/** Returns the result of `account/rateLimits/read` (`schema/README.md`). */
export function rateLimitsFromWire({
  usage,
  resetCredits,
  receivedAtMs,
  identity,
}: RateLimitsReply): GetAccountRateLimitsResponse {
  const planType = planTypeFromWire(usage.plan_type);
  const codex = codexSnapshot(usage, planType, receivedAtMs);
  const isOwn = isAboutLogin(usage, identity);
  return {
    rateLimits: codex,
    rateLimitsByLimitId: Object.fromEntries([
      ['codex', codex],
      ...(usage.additional_rate_limits ?? []).map(
        (limit) => [limit.metered_feature, additionalSnapshot(limit, planType, receivedAtMs)] as const,
      ),
    ]),
    rateLimitResetCredits: resetCreditsFromWire(
      usage.rate_limit_reset_credits?.available_count ?? null,
      resetCredits,
    ),
    accountId: usage.account_id,
    ordinaryUsageAllowed: isOwn ? (usage.rate_limit?.allowed ?? null) : null,
    rateLimitUpsell: isOwn && usage.rate_limit_upsell ? upsellOf(usage) : null,
  };
}

/** Reports whether the body has the account and the user that are signed in. Only then its permission counts. */
function isAboutLogin(usage: WireUsage, { accountId, userId, isFedramp }: BackendIdentity): boolean {
  return (
    !isFedramp &&
    accountId !== null &&
    userId !== null &&
    usage.account_id === accountId &&
    usage.user_id === userId
  );
}

function upsellOf(usage: WireUsage): unknown {
  const text = memberText(usage.body_text, 'rate_limit_upsell');
  return text === undefined ? null : rawJson(normalizedJson(text));
}

function codexSnapshot(usage: WireUsage, planType: PlanType, receivedAtMs: number): RateLimitSnapshot {
  const reachedType = usage.rate_limit_reached_type?.type;
  return {
    limitId: 'codex',
    limitName: null,
    normalModelSlug: null,
    primary: windowFromWire(usage.rate_limit?.primary_window, receivedAtMs),
    secondary: windowFromWire(usage.rate_limit?.secondary_window, receivedAtMs),
    credits: usage.credits && creditsFromWire(usage.credits),
    ...spendControlFromWire(usage.spend_control, receivedAtMs),
    planType,
    rateLimitReachedType: isReachedType(reachedType) ? reachedType : null,
  };
}

function additionalSnapshot(
  limit: WireAdditionalRateLimit,
  planType: PlanType,
  receivedAtMs: number,
): RateLimitSnapshot {
  return {
    limitId: limit.metered_feature,
    limitName: limit.limit_name,
    normalModelSlug: limit.normal_model_slug,
    primary: windowFromWire(limit.rate_limit?.primary_window, receivedAtMs),
    secondary: windowFromWire(limit.rate_limit?.secondary_window, receivedAtMs),
    credits: null,
    individualLimit: null,
    spendControlReached: null,
    planType,
    rateLimitReachedType: null,
  };
}

function windowFromWire(window: WireWindow | null | undefined, receivedAtMs: number): RateLimitWindow | null {
  if (!window) return null;
  const seconds = window.limit_window_seconds ?? 0;
  return {
    usedPercent: window.used_percent,
    windowDurationMins: seconds > 0 ? Math.ceil(seconds / 60) : null,
    resetsAt: resetTime(window, receivedAtMs),
  };
}

function creditsFromWire(credits: WireCredits): CreditsSnapshot {
  return { hasCredits: credits.has_credits, unlimited: credits.unlimited, balance: credits.balance };
}

const reachedTypes: Readonly<Record<RateLimitReachedType, true>> = {
  rate_limit_reached: true,
  workspace_owner_credits_depleted: true,
  workspace_member_credits_depleted: true,
  workspace_owner_usage_limit_reached: true,
  workspace_member_usage_limit_reached: true,
};

function isReachedType(text: string | undefined): text is RateLimitReachedType {
  return text !== undefined && Object.hasOwn(reachedTypes, text);
}
