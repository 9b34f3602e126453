import type {
  WireConsume,
  WireResetCredit,
  WireResetCredits,
} from '../backend/account/wire-reset-credits.js';
import type {
  ConsumeAccountRateLimitResetCreditOutcome,
  RateLimitResetCredit,
  RateLimitResetCreditStatus,
  RateLimitResetCreditsSummary,
} from '../protocol/schema/reset-credits.js';

/** Returns the summary, null without any count. The count in the details takes precedence over that in the usage. */
export function resetCreditsFromWire(
  usageCount: number | null,
  details: WireResetCredits | null,
): RateLimitResetCreditsSummary | null {
  const availableCount = details?.available_count ?? usageCount;
  if (availableCount === null) return null;
  return { availableCount, credits: details?.credits?.map(creditFromWire) ?? null };
}

function creditFromWire(credit: WireResetCredit): RateLimitResetCredit {
  return {
    id: credit.id,
    resetType: credit.reset_type === 'codex_rate_limits' ? 'codexRateLimits' : 'unknown',
    status: isStatus(credit.status) ? credit.status : 'unknown',
    grantedAt: credit.granted_at,
    expiresAt: credit.expires_at,
    title: credit.title,
    description: credit.description,
  };
}

const statuses: Readonly<Record<RateLimitResetCreditStatus, true>> = {
  available: true,
  redeeming: true,
  redeemed: true,
  unknown: true,
};

function isStatus(text: string | null): text is RateLimitResetCreditStatus {
  return text !== null && Object.hasOwn(statuses, text);
}

const outcomes = {
  reset: 'reset',
  nothing_to_reset: 'nothingToReset',
  no_credit: 'noCredit',
  already_redeemed: 'alreadyRedeemed',
} as const satisfies Record<WireConsume['code'], ConsumeAccountRateLimitResetCreditOutcome>;

/** Returns the outcome of a consume. */
export function outcomeFromWire({ code }: WireConsume): ConsumeAccountRateLimitResetCreditOutcome {
  return outcomes[code];
}
