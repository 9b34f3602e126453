import type { GetAccountRateLimitsResponse } from '../../protocol/schema/rate-limits.js';
import type { UsageFailure } from '../../protocol/schema/reports/usage-report.js';

/** The last values that were read and the last failure. */
export interface UsageState {
  /** The last read that succeeded. */
  readonly read: UsageRead | undefined;
  /** Undefined if the last read succeeded. */
  readonly failure: UsageFailure | undefined;
}

export interface UsageRead {
  readonly limits: GetAccountRateLimitsResponse;
  /** The same, but a limit that has not changed is as it was first read: its reset times stay in place. */
  readonly settled: GetAccountRateLimitsResponse;
  /** When the read began. */
  readonly atMs: number;
  /** Whether it was stored before. */
  readonly isCached: boolean;
}
