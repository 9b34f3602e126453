import type { GetAccountRateLimitsResponse, Redemption } from '../../client/library.js';
import { aftermathOf } from '../../client/record/aftermath.js';
import { isStale, windowName } from '../../limits/windows.js';
import type { RenderContext } from '../terminal/text-style.js';
import { localTime } from '../terminal/times.js';
import { spentBy } from './report.js';

/**
 * Says that the last redemption was undone, if a window from before it has come back and has not ended since.
 *
 * @param attempts those of the account, the oldest first
 * @param limits the limits of the account, read just now
 */
export function reversalText(
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
