import { windowName } from '../../limits/windows.js';
import type { UsageReport } from '../../protocol/schema/usage-report.js';

const reasons = {
  rateLimit: 'the rate limit is reached',
  spendLimit: 'your spend limit is reached',
  workspaceCredits: 'the workspace is out of credits',
} as const;

/** Says why use is blocked, or may be; empty if that is not known. After a window has ended that may no longer apply. */
export function blockReason({ permission, block, limits, limitReached }: UsageReport): string {
  if (block) {
    const { limit, windowDurationMins: mins } = block;
    return (limit ? reasons[limit] : '') + (mins === null ? '' : ` (${windowName(mins)})`);
  }
  const hasEnded = limits[0]?.windows.some(({ usedPercent }) => usedPercent === null);
  const isOpen = permission === 'unknown' && limitReached === 'rate_limit_reached' && !hasEnded;
  return isOpen ? reasons.rateLimit : '';
}
