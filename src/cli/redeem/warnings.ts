import type { AccountClient, GetAccountRateLimitsResponse, Redemption } from '../../client/library.js';
import { aftermathOf } from '../../client/record/aftermath.js';
import { type Claim, claimOf } from '../../client/record/state.js';
import { type ResetWarning, resetWarnings } from '../../limits/reset-warnings.js';
import { usagePermission } from '../../limits/permission.js';
import { isStale, windowName } from '../../limits/windows.js';
import type { UsageReport } from '../../protocol/schema/reports/usage-report.js';
import type { RenderContext, TextStyle } from '../terminal/text-style.js';
import { age, duration, localTime } from '../terminal/times.js';
import { usageReport } from '../usage/report.js';
import { ownAttempts } from './earlier.js';
import { RedeemStop } from './failure.js';
import { spentBy } from './report.js';
import { readAndStore } from './stored-reads.js';

/** Writes the reasons against a redemption, one sentence each. */
export function warningTexts({ permission, block, limits }: UsageReport, context: RenderContext): string[] {
  const windows = limits[0]?.windows ?? [];
  return resetWarnings({ permission, block, windows }, context.nowMs).map((warning) =>
    textOf(warning, context),
  );
}

function textOf(warning: ResetWarning, { nowMs, textStyle }: RenderContext): string {
  switch (warning.kind) {
    case 'otherBlock': {
      const { limit, until } = warning;
      if (limit === 'workspaceCredits') {
        return 'A reset does not bring back the credits of the workspace: you stay blocked until it has some.';
      }
      const end = until === null ? 'blocked' : `blocked until ${localTime(until, nowMs, textStyle)}`;
      return `A reset does not lift your spend limit: you stay ${end}.`;
    }
    case 'nothingUsed':
      return 'Use is allowed and 0 % is used: a reset does nothing now.';
    case 'resetsSoon': {
      const rest = duration(warning.resetsAt * 1000 - nowMs);
      return warning.isBlocked
        ? `The window that blocks you resets by itself in ${rest}.`
        : `What is used of the windows resets by itself in ${rest}.`;
    }
  }
}

/** The claims of attempts that the next redemption finishes. */
const claimsFirst: ReadonlySet<Claim> = new Set(['repeat', 'finish']);

/**
 * Reads the limits and checks that a new redemption would help. If an attempt is open, there is no check: it is finished
 * first, and uses no other credit.
 *
 * @throws RedeemStop `needsForce` with the warnings, or what the client throws
 */
export async function requireUseful(
  client: AccountClient,
  { nowMs, textStyle, signal }: { nowMs: () => number; textStyle: TextStyle; signal: AbortSignal },
): Promise<void> {
  const limits = await readAndStore(client, signal);
  const attempts = await ownAttempts(client);
  const now = nowMs();
  if (attempts.some((each) => claimsFirst.has(claimOf(each, now)))) return;
  const context = { nowMs: now, textStyle };
  const texts = [
    ...lastRedemptionTexts(attempts, limits, context),
    ...warningTexts(usageReport(limits, now), context),
  ];
  if (texts.length > 0) throw new RedeemStop('needsForce', texts.join(' '));
}

/** Within this time a second redemption while use is allowed is probably not meant. */
const recentMs = 60 * 60_000;

/** Writes what speaks against a redemption because of the last one: that it was just made, or that it was undone. */
export function lastRedemptionTexts(
  attempts: readonly Redemption[],
  limits: GetAccountRateLimitsResponse,
  context: RenderContext,
): string[] {
  const undone = reversalText(attempts, limits, context);
  if (undone !== undefined) return [undone];
  const { permission } = usagePermission(limits, context.nowMs);
  const last = attempts.findLast((each) => spentBy(each) === 'yes');
  const ageMs = last ? context.nowMs - (last.redeemedAtMs ?? last.startedAtMs) : Infinity;
  if (permission !== 'allowed' || Math.abs(ageMs) > recentMs) return [];
  return [`You have redeemed a credit ${age(ageMs)}, and use is allowed.`];
}

/**
 * Says that the last redemption was undone, if a window from before it has come back and has not ended since.
 *
 * @param attempts those of the account, the oldest first
 * @param limits the limits of the account, read just now
 */
function reversalText(
  attempts: readonly Redemption[],
  limits: GetAccountRateLimitsResponse,
  { nowMs, textStyle }: RenderContext,
): string | undefined {
  const last = attempts.findLast((each) => spentBy(each) === 'yes');
  if (!last) return undefined;
  const found = aftermathOf(last, { limit: limits.rateLimits, readAtMs: nowMs }, undefined);
  const isReverted = found ? found.event === 'cameBack' : last.state === 'reverted';
  const windows = (found ?? last).reversal?.windows.filter((window) => !isStale(window, nowMs)) ?? [];
  if (!isReverted || windows.length === 0) return undefined;
  const at = localTime((last.redeemedAtMs ?? last.startedAtMs) / 1000, nowMs, textStyle);
  const back = windows.map(({ windowDurationMins, usedPercent }) => {
    return `${windowName(windowDurationMins)}, at ${usedPercent} %`;
  });
  return `The redemption of ${at} was undone: what it had reset is back as it was before (${back.join('; ')}). Another one may be undone too. redeem --evidence shows what was read.`;
}
