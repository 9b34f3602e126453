import { isStale, type LimitWindow, type LimitWindows, windowsOf } from './windows.js';

/** The reason why an account is blocked, and the end of that. */
export interface Block {
  /**
   * `spendLimit`: the budget is used up. `workspaceCredits`: the workspace is out of credits. `rateLimit`: the windows.
   * Null if the backend does not say which.
   */
  readonly limit: 'spendLimit' | 'workspaceCredits' | 'rateLimit' | null;
  /** With `rateLimit`: the length of the full window that resets last; null if it is not known. */
  readonly windowDurationMins: number | null;
  /** When the block ends by itself, in Unix seconds; null if that is not known. */
  readonly until: number | null;
}

export interface UsagePermission {
  readonly permission: 'allowed' | 'blocked' | 'unknown';
  /** Null unless use is blocked. */
  readonly block: Block | null;
}

/** The part of an answer to `account/rateLimits/read` that `usagePermission` looks at. */
export interface PermissionRead {
  readonly ordinaryUsageAllowed: boolean | null;
  readonly rateLimits: LimitWindows & {
    readonly rateLimitReachedType: string | null;
    readonly spendControlReached: boolean | null;
    readonly individualLimit: { readonly resetsAt: number } | null;
    readonly credits: { readonly hasCredits: boolean; readonly unlimited: boolean } | null;
  };
}

/**
 * Decides whether ordinary use is allowed as of `nowMs`. The first rule that applies counts; `src/cli/usage/README.md`
 * has them as a table. Percentages never block: a full window only says until when a block of the backend lasts.
 *
 * @example
 * const { permission, block } = usagePermission(limits);
 * if (permission === 'blocked') console.log(block?.limit, block?.until);
 */
export function usagePermission(read: PermissionRead, nowMs = Date.now()): UsagePermission {
  const block = blockOf(read, nowMs);
  if (block) return { permission: 'blocked', block };
  return { permission: isAllowed(read) ? 'allowed' : 'unknown', block: null };
}

function blockOf({ rateLimits, ordinaryUsageAllowed }: PermissionRead, nowMs: number): Block | undefined {
  const { individualLimit } = rateLimits;
  const isReached = hasReachedSpendLimit(rateLimits);
  if (isReached && !(individualLimit && isStale(individualLimit, nowMs))) {
    return { limit: 'spendLimit', windowDurationMins: null, until: individualLimit?.resetsAt ?? null };
  }
  if (hasNoWorkspaceCredits(rateLimits)) {
    return { limit: 'workspaceCredits', windowDurationMins: null, until: null };
  }
  return ordinaryUsageAllowed === false ? windowBlock(rateLimits, isReached, nowMs) : undefined;
}

/** Returns whether a read says that the spend limit is reached. */
function hasReachedSpendLimit({
  spendControlReached,
  rateLimitReachedType,
}: Pick<PermissionRead['rateLimits'], 'spendControlReached' | 'rateLimitReachedType'>): boolean {
  return (
    spendControlReached === true ||
    rateLimitReachedType === 'workspace_owner_usage_limit_reached' ||
    rateLimitReachedType === 'workspace_member_usage_limit_reached'
  );
}

function hasNoWorkspaceCredits({ rateLimitReachedType: type }: PermissionRead['rateLimits']): boolean {
  return type === 'workspace_owner_credits_depleted' || type === 'workspace_member_credits_depleted';
}

/**
 * Describes a block of the backend. It lasts until the last full window resets. Undefined if it may have ended.
 *
 * @param hasEnded whether another cause of the block has ended
 */
function windowBlock(
  limit: PermissionRead['rateLimits'],
  hasEnded: boolean,
  nowMs: number,
): Block | undefined {
  const windows = windowsOf(limit);
  const full = windows.filter((window) => window.usedPercent >= 100 && !isStale(window, nowMs));
  const [last] = full.sort((one, other) => endOf(other) - endOf(one));
  if (!last && (hasEnded || windows.some((window) => isStale(window, nowMs)))) return undefined;
  return {
    limit: last || limit.rateLimitReachedType === 'rate_limit_reached' ? 'rateLimit' : null,
    windowDurationMins: last?.windowDurationMins ?? null,
    until: last?.resetsAt ?? null,
  };
}

function endOf({ resetsAt }: LimitWindow): number {
  return resetsAt ?? Infinity;
}

function isAllowed({ ordinaryUsageAllowed, rateLimits }: PermissionRead): boolean {
  if (ordinaryUsageAllowed !== null) return ordinaryUsageAllowed;
  if (windowsOf(rateLimits).length > 0 || hasReachedSpendLimit(rateLimits)) return false;
  const { individualLimit, spendControlReached, credits } = rateLimits;
  const hasBudget = individualLimit !== null && spendControlReached === false;
  return hasBudget || Boolean(credits?.unlimited) || Boolean(credits?.hasCredits);
}
