import { windowName } from '../../../limits/windows.js';
import type { UsageReport } from '../../../protocol/schema/reports/usage-report.js';

const reasons = {
  rateLimit: 'the rate limit is reached',
  spendLimit: 'your spend limit is reached',
  workspaceCredits: 'the workspace is out of credits',
} as const;

type BlockingLimit = keyof typeof reasons;

/** Writes `the rate limit is reached (week)`; empty if it is not known what blocks. */
export function reasonOfBlock(limit: BlockingLimit | null, windowDurationMins: number | null): string {
  if (limit === null) return '';
  return reasons[limit] + (windowDurationMins === null ? '' : ` (${windowName(windowDurationMins)})`);
}

/** Says why use is blocked, or may be; empty if that is not known. After a window has ended that may no longer apply. */
export function blockReason({ permission, block, limits, limitReached }: UsageReport): string {
  if (block) return reasonOfBlock(block.limit, block.windowDurationMins);
  const hasEnded = limits[0]?.windows.some(({ usedPercent }) => usedPercent === null);
  const isOpen = permission === 'unknown' && limitReached === 'rate_limit_reached' && !hasEnded;
  return isOpen ? reasons.rateLimit : '';
}
