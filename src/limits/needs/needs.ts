import { type SpendBudget, spendBudget } from '../budget.js';
import { type PermissionRead, type UsagePermission, usagePermission } from '../permission.js';
import { leftPercent } from '../tightest.js';
import { listWindows, type NamedWindow, ofLength } from '../windows.js';

/** How much has to be left before work may start. */
export type Need =
  /** The window of this length, within 5 %, has at least this much left. */
  | { readonly limit: 'window'; readonly windowDurationMins: number; readonly leftPercent: number }
  /** The spend limit has at least this much left. */
  | { readonly limit: 'budget'; readonly leftPercent: number }
  /** Each window and the spend limit have at least this much left. */
  | { readonly limit: 'tightest'; readonly leftPercent: number }
  /** There are at least this many reset credits. */
  | { readonly limit: 'credits'; readonly count: number };

/** The part of an answer to `account/rateLimits/read` that `checkNeeds` looks at. */
export interface NeedsRead extends PermissionRead {
  readonly rateLimits: PermissionRead['rateLimits'] & Parameters<typeof spendBudget>[0];
  readonly rateLimitResetCredits: { readonly availableCount: number } | null;
}

export interface CheckedNeed {
  readonly need: Need;
  /** Whether the account has such a limit. `budget`, `tightest` and `credits` always count as true. */
  readonly hasLimit: boolean;
  /** The percentage that is left, or the number of credits. Null if it is not known, or if no such limit exists. */
  readonly have: number | null;
  /** Null if it is not known. */
  readonly isMet: boolean | null;
  /** When a need that is not met is met by itself, in Unix seconds; null if that is not known, or if it is met. */
  readonly resetsAt: number | null;
}

export interface CheckedNeeds extends UsagePermission {
  /**
   * `enough`: use is allowed and every need is met. `blocked`: use is blocked. `tooLittle`: a need is not met.
   * `unknown`: none of these.
   */
  readonly verdict: 'enough' | 'tooLittle' | 'blocked' | 'unknown';
  readonly needs: readonly CheckedNeed[];
  /** When the block ends and all needs are met by themselves, in Unix seconds. Null if that is not known, or with `enough`. */
  readonly expectedAt: number | null;
}

/**
 * Decides whether work may start as of `nowMs`: use is allowed and every need is met. A window that the account does not
 * have leaves its need unknown, because the length may be a mistake; `tightest` fits every plan. A spend limit that the
 * backend says does not exist is enough.
 *
 * @example
 * const { verdict, expectedAt } = checkNeeds(limits, [{ limit: 'window', windowDurationMins: 300, leftPercent: 20 }]);
 * if (verdict !== 'enough') console.log('not before', expectedAt);
 */
export function checkNeeds(read: NeedsRead, needs: readonly Need[], nowMs = Date.now()): CheckedNeeds {
  const { permission, block } = usagePermission(read, nowMs);
  const checked = needs.map((need) => checkNeed(need, read, permission, nowMs));
  const unmet = checked.filter(({ isMet }) => isMet === false);
  const isKnown = permission === 'allowed' && checked.every(({ isMet }) => isMet !== null);
  const verdict =
    permission === 'blocked' ? 'blocked' : unmet.length > 0 ? 'tooLittle' : isKnown ? 'enough' : 'unknown';
  const ends = [...(block ? [block.until] : []), ...unmet.map(({ resetsAt }) => resetsAt)];
  return { verdict, permission, block, needs: checked, expectedAt: latest(ends) };
}

function checkNeed(
  need: Need,
  read: NeedsRead,
  permission: UsagePermission['permission'],
  nowMs: number,
): CheckedNeed {
  const { rateLimits, rateLimitResetCredits } = read;
  switch (need.limit) {
    case 'window': {
      const window = ofLength(listWindows(rateLimits, nowMs), need.windowDurationMins);
      return { ...checkSpans(need, [window ?? unknown]), hasLimit: window !== undefined };
    }
    case 'budget': {
      const budget = spendBudget(rateLimits, nowMs);
      const hasNone = !budget && rateLimits.spendControlReached === false;
      return checkSpans(need, hasNone ? [] : [budget ?? unknown]);
    }
    case 'tightest': {
      const spans = spansOf(rateLimits, nowMs);
      return checkSpans(need, spans.length === 0 && permission !== 'allowed' ? [unknown] : spans);
    }
    case 'credits': {
      const have = rateLimitResetCredits?.availableCount ?? null;
      return { need, hasLimit: true, have, isMet: have === null ? null : have >= need.count, resetsAt: null };
    }
  }
}

type Span = Pick<NamedWindow | SpendBudget, 'usedPercent' | 'resetsAt'>;

const unknown: Span = { usedPercent: null, resetsAt: null };

function spansOf(limit: NeedsRead['rateLimits'], nowMs: number): Span[] {
  const budget = spendBudget(limit, nowMs);
  return [...listWindows(limit, nowMs), ...(budget ? [budget] : [])];
}

/** Checks a need of all `spans`. It is met if there are none. */
function checkSpans(need: Exclude<Need, { readonly limit: 'credits' }>, spans: readonly Span[]): CheckedNeed {
  const known = spans.flatMap(({ usedPercent, resetsAt }) =>
    usedPercent === null ? [] : [{ left: leftPercent(usedPercent), resetsAt }],
  );
  const unmet = known.filter(({ left }) => left < need.leftPercent);
  const have = known.length === 0 ? null : Math.min(...known.map(({ left }) => left));
  if (unmet.length === 0) {
    const isMet = known.length === spans.length ? true : null;
    return { need, hasLimit: true, have, isMet, resetsAt: null };
  }
  const resetsAt = latest(unmet.map(({ resetsAt: at }) => at));
  return { need, hasLimit: true, have, isMet: false, resetsAt };
}

/** Returns the latest time; null if there is none, or if one is not known. */
function latest(times: readonly (number | null)[]): number | null {
  const known = times.filter((time) => time !== null);
  return known.length === 0 || known.length < times.length ? null : Math.max(...known);
}
