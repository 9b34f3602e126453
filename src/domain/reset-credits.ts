import type {
  WireConsume,
  WireResetCredit,
  WireResetCredits,
} from '../backend/account/wire-reset-credits.js';
import type {
  ConsumeAccountRateLimitResetCreditOutcome,
  RateLimitResetCredit,
  RateLimitResetCreditOfUnknownExpiry,
  RateLimitResetCreditStatus,
  RateLimitResetCreditsSummary,
} from '../protocol/schema/reset-credits.js';

/**
 * Returns the summary, null without any count. The count in the details takes precedence over that in the usage.
 *
 * A credit whose expiry cannot be read is listed apart (D5). Clients take a null for "never", and would keep the credit
 * until it is lost. They all know lists that are shorter than the count.
 */
export function resetCreditsFromWire(
  usageCount: number | null,
  details: WireResetCredits | null,
): RateLimitResetCreditsSummary | null {
  const availableCount = details?.available_count ?? usageCount;
  if (availableCount === null) return null;
  const rows = details?.credits?.map(creditFromWire);
  const credits = rows?.filter(hasKnownExpiry) ?? null;
  const creditsOfUnknownExpiry = rows?.filter((row) => !hasKnownExpiry(row)) ?? [];
  if (creditsOfUnknownExpiry.length === 0) return { availableCount, credits };
  return { availableCount, credits: credits?.length === 0 ? null : credits, creditsOfUnknownExpiry };
}

function hasKnownExpiry(
  credit: RateLimitResetCredit | RateLimitResetCreditOfUnknownExpiry,
): credit is RateLimitResetCredit {
  return 'expiresAt' in credit;
}

function creditFromWire(credit: WireResetCredit): RateLimitResetCredit | RateLimitResetCreditOfUnknownExpiry {
  const { expires_at: expiresAt } = credit;
  return {
    id: credit.id,
    resetType: credit.reset_type === 'codex_rate_limits' ? 'codexRateLimits' : 'unknown',
    status: isStatus(credit.status) ? credit.status : 'unknown',
    grantedAt: credit.granted_at,
    ...(expiresAt !== 'unreadable' && { expiresAt }),
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
