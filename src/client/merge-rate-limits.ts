import type { GetAccountRateLimitsResponse, RateLimitSnapshot } from './protocol.js';

/** `account/rateLimits/updated`: what is null, or left out, is not told. */
export interface SparseRateLimits {
  readonly rateLimits: Partial<RateLimitSnapshot>;
}

const ordinaryLimit = 'codex';

const unknownLimit: RateLimitSnapshot = {
  limitId: null,
  limitName: null,
  normalModelSlug: null,
  primary: null,
  secondary: null,
  credits: null,
  individualLimit: null,
  spendControlReached: null,
  planType: null,
  rateLimitReachedType: null,
};

/**
 * What was read, with an update put into the limit that it is about; without an id that is `codex`. A null in it clears
 * nothing, and a window is replaced as a whole. Reset credits and permission stay as they were: read those again.
 */
export function mergeRateLimits(
  read: GetAccountRateLimitsResponse,
  { rateLimits: update }: SparseRateLimits,
): GetAccountRateLimitsResponse {
  const limitId = update.limitId ?? ordinaryLimit;
  const isMain = (read.rateLimits.limitId ?? ordinaryLimit) === limitId;
  const known = isMain ? read.rateLimits : (read.rateLimitsByLimitId?.[limitId] ?? unknownLimit);
  const told = Object.entries(update).filter(
    ([, value]) => value !== null && (value as unknown) !== undefined,
  );
  const merged: RateLimitSnapshot = { ...known, ...Object.fromEntries(told) };
  if (!isMain) merged.limitId = limitId;
  return {
    ...read,
    rateLimits: isMain ? merged : read.rateLimits,
    rateLimitsByLimitId: { ...read.rateLimitsByLimitId, [limitId]: merged },
  };
}
