import type { GetAccountRateLimitsResponse } from '../../protocol/schema/rate-limits.js';
import type { UsageFailure, UsageReport } from '../../protocol/schema/usage-report.js';
import type { TextStyle } from '../terminal/text-style.js';
import { wrapped } from '../terminal/plain-text.js';
import type { UsageChoice } from './arguments.js';
import { isSignedOut } from './failure.js';
import { usageReport } from './report.js';
import { usageView } from './view.js';

/** What is known of the account. */
export interface UsageState {
  /** The last read that succeeded. */
  readonly read: UsageRead | undefined;
  /** Why the last read failed; undefined if it did not. */
  readonly failure: UsageFailure | undefined;
}

export interface UsageRead {
  readonly limits: GetAccountRateLimitsResponse;
  /** The same, with limits that have not changed as they were first read. */
  readonly settled: GetAccountRateLimitsResponse;
  readonly atMs: number;
}

/** What is known as of `nowMs`; undefined before the first read. */
export function reportNow({ read }: UsageState, nowMs: number): UsageReport | undefined {
  return read && usageReport(read.limits, read.atMs, nowMs);
}

const permissionCodes = { allowed: 0, blocked: 3, unknown: 4 } as const;

/** Returns the exit code for what is known as of `nowMs`. */
export function usageExitCode(state: UsageState, nowMs: number): number {
  const { failure } = state;
  if (failure) return isSignedOut(failure.error.data.kind) ? 5 : 1;
  const report = reportNow(state, nowMs);
  return report ? permissionCodes[report.permission] : 1;
}

/** Returns the text for stdout; undefined if there is none. */
export function usageText(
  state: UsageState,
  output: UsageChoice['output'],
  { nowMs, textStyle, isOneLine }: { nowMs: number; textStyle: TextStyle; isOneLine: boolean },
): string | undefined {
  const { failure } = state;
  const report = reportNow(state, nowMs);
  if (output.kind === 'json') return `${JSON.stringify(failure ?? report, null, isOneLine ? 0 : 2)}\n`;
  if (!report || failure) return undefined;
  if (output.kind === 'format') return `${output.write({ report, nowMs, textStyle })}\n`;
  return `${usageView(report, nowMs, textStyle).join('\n')}\n`;
}

/** The sentence about a failure, for stderr. */
export function failureText({ error }: UsageFailure, columns: number): string {
  return `${wrapped(error.message, columns).join('\n')}\n`;
}
