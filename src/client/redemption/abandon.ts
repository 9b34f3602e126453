import { listedCredits } from '../../limits/credits.js';
import { neverAborted } from '../../util/never-aborted.js';
import type { Clock } from '../../util/clock.js';
import { pause } from '../../util/waiting.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import { requireOwnAccount } from './account.js';
import type { RedemptionContext } from './context.js';
import { RedemptionError } from '../record/error.js';
import type { AbandonOptions, RedeemResult } from './options.js';
import type { Redemption } from '../record/redemption.js';
import { pendingLimitMs } from '../record/state.js';
import { movementOf, windowsAfter } from '../record/windows.js';

/** The age from which an attempt can be abandoned if a read shows that it has used no credit. */
const abandonAgeMs = 15 * 60 * 1000;

/** The time after the last request in which it may still take effect. */
const settleMs = 60 * 1000;

/**
 * Returns why an open attempt cannot be abandoned now; undefined if it can.
 *
 * After `abandonAgeMs` that needs a read in which its credit is still available, or in which neither the number of
 * credits nor a window has changed. After four hours, in which a reset shows, the read does not matter.
 *
 * @param limits the limits of its account, read just now
 */
export function abandonProblem(
  open: Redemption,
  limits: GetAccountRateLimitsResponse,
  nowMs: number,
): string | undefined {
  const ageMs = nowMs - open.startedAtMs;
  if (ageMs >= pendingLimitMs) return undefined;
  if (ageMs < abandonAgeMs) return 'it is younger than 15 minutes';
  if (isUnused(open, limits, nowMs)) return undefined;
  return 'the limits do not show that it has used no credit, and it is younger than 4 hours';
}

function isUnused(open: Redemption, limits: GetAccountRateLimitsResponse, nowMs: number): boolean {
  const { creditId, availableCount, windows } = open;
  const summary = limits.rateLimitResetCredits;
  const credit = listedCredits(summary).find(({ id }) => id === creditId);
  if (credit) return credit.status === 'available';
  const isCountSame = availableCount !== null && summary?.availableCount === availableCount;
  const now = windowsAfter(open, limits.rateLimits, nowMs);
  const hasMoved = windows.some(({ usedPercent }) => usedPercent > 0) && movementOf(now) !== 'noneMoved';
  return isCountSame && !hasMoved;
}

/**
 * Gives up the open attempt of the signed-in account. Returns null if there is none.
 *
 * @throws RedemptionError `notAbandonable`, `accountChanged`, `accountUnknown`; what the read throws; the signal's reason
 */
export async function abandonAttempt(
  { ownAttempts, readAccount, attempts, lock, times }: RedemptionContext,
  { reason, signal = neverAborted }: AbandonOptions,
  clock: Clock,
): Promise<RedeemResult | null> {
  const open = ownAttempts('repeat')[0];
  if (!open) return null;
  // Until then the last request may still take effect.
  const leftMs = settleMs - (times.nowMsFor(open, 'updatedAtMs') - open.updatedAtMs);
  if (leftMs > 0) await pause(clock, Math.min(leftMs, settleMs), signal);
  const { account, limits } = await readAccount({ signal });
  requireOwnAccount(open.account, account);
  const problem = abandonProblem(open, limits, times.nowMsFor(open, 'startedAtMs'));
  if (problem !== undefined) {
    const message = `the attempt cannot be given up yet: ${problem}`;
    throw new RedemptionError('notAbandonable', message, { redemption: open });
  }
  lock.verify();
  return { redemption: attempts.advance(open, 'abandon', reason), limits, isRepeated: true };
}

/** The length of a reason, in UTF-16 code units. */
export const maxReasonLength = 500;

/** Returns whether a text can be recorded as a reason. */
export function isReason(reason: string): boolean {
  return reason.trim() !== '' && reason.length <= maxReasonLength;
}

/** @throws TypeError if the reason is not such a text */
export function requireReason(reason: unknown): void {
  if (typeof reason === 'string' && isReason(reason)) return;
  throw new TypeError(`reason must be a text of 1 to ${maxReasonLength} characters`);
}
