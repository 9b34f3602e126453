import type {
  WireAdditionalRateLimit,
  WireCredits,
  WireIndividualLimit,
  WireUsage,
  WireWindow,
} from '../backend/account/wire-usage.js';
import type { WireResetCredits } from '../backend/account/wire-reset-credits.js';
import { normalizedJson, rawJson } from '../framing/raw-json.js';
import { memberText } from '../framing/raw-spans.js';
import type { PlanType } from '../protocol/schema/plan-type.js';
import type {
  CreditsSnapshot,
  GetAccountRateLimitsResponse,
  RateLimitReachedType,
  RateLimitSnapshot,
  RateLimitWindow,
  SpendControlLimitSnapshot,
} from '../protocol/schema/rate-limits.js';
import { planTypeFromWire } from './plan.js';
import { resetCreditsFromWire } from './reset-credits.js';

/** The ids of the login. The permission in a usage body counts only if the body has the same ids. */
export interface LoginIds {
  readonly accountId: string | null;
  readonly userId: string | null;
  readonly isFedramp: boolean;
}

/** Returns the result of `account/rateLimits/read` (`schema/README.md`). */
export function rateLimitsFromWire(
  usage: WireUsage,
  resetCredits: WireResetCredits | null,
  login: LoginIds,
): GetAccountRateLimitsResponse {
  const planType = planTypeFromWire(usage.plan_type);
  const codex = codexSnapshot(usage, planType);
  const isOwn = isAboutLogin(usage, login);
  return {
    rateLimits: codex,
    rateLimitsByLimitId: Object.fromEntries([
      ['codex', codex],
      ...(usage.additional_rate_limits ?? []).map(
        (limit) => [limit.metered_feature, additionalSnapshot(limit, planType)] as const,
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

/** Reports whether the body has the account and the user that are signed in. */
function isAboutLogin(usage: WireUsage, { accountId, userId, isFedramp }: LoginIds): boolean {
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

function codexSnapshot(usage: WireUsage, planType: PlanType): RateLimitSnapshot {
  const individualLimit = usage.spend_control?.individual_limit;
  const reachedType = usage.rate_limit_reached_type?.type;
  return {
    limitId: 'codex',
    limitName: null,
    normalModelSlug: null,
    primary: windowFromWire(usage.rate_limit?.primary_window),
    secondary: windowFromWire(usage.rate_limit?.secondary_window),
    credits: usage.credits && creditsFromWire(usage.credits),
    individualLimit: individualLimit ? individualLimitFromWire(individualLimit) : null,
    spendControlReached: usage.spend_control?.reached ?? null,
    planType,
    rateLimitReachedType: isReachedType(reachedType) ? reachedType : null,
  };
}

function additionalSnapshot(limit: WireAdditionalRateLimit, planType: PlanType): RateLimitSnapshot {
  return {
    limitId: limit.metered_feature,
    limitName: limit.limit_name,
    normalModelSlug: limit.normal_model_slug,
    primary: windowFromWire(limit.rate_limit?.primary_window),
    secondary: windowFromWire(limit.rate_limit?.secondary_window),
    credits: null,
    individualLimit: null,
    spendControlReached: null,
    planType,
    rateLimitReachedType: null,
  };
}

function windowFromWire(window: WireWindow | null | undefined): RateLimitWindow | null {
  if (!window) return null;
  const seconds = window.limit_window_seconds ?? 0;
  return {
    usedPercent: window.used_percent,
    windowDurationMins: seconds > 0 ? Math.ceil(seconds / 60) : null,
    resetsAt: window.reset_at,
  };
}

function creditsFromWire(credits: WireCredits): CreditsSnapshot {
  return { hasCredits: credits.has_credits, unlimited: credits.unlimited, balance: credits.balance };
}

function individualLimitFromWire(limit: WireIndividualLimit): SpendControlLimitSnapshot {
  return {
    limit: limit.limit,
    used: limit.used,
    remainingPercent: limit.remaining_percent,
    resetsAt: limit.reset_at,
  };
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
