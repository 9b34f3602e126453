import type { UsageFailure, UsageReport } from '../protocol/usage-report.js';
import type { TextStyle } from './look.js';
import { wrapped } from './plain-text.js';
import type { UsageChoice } from './usage-arguments.js';
import { isSignedOut } from './usage-failure.js';
import { usageView } from './usage-view.js';

/** What is known of the account: what was read last, and why the last read failed if it did. */
export interface UsageState {
  readonly report: UsageReport | undefined;
  readonly failure: UsageFailure | undefined;
}

const permissionCodes = { allowed: 0, blocked: 3, unknown: 4 } as const;

/** The exit code for what is known last. */
export function usageExitCode({ report, failure }: UsageState): number {
  if (failure) return isSignedOut(failure) ? 5 : 1;
  return report ? permissionCodes[report.permission] : 1;
}

/** The text for stdout; undefined where there is none to give. */
export function usageText(
  { report, failure }: UsageState,
  output: UsageChoice['output'],
  { nowMs, textStyle, isOneLine }: { nowMs: number; textStyle: TextStyle; isOneLine: boolean },
): string | undefined {
  if (output.kind === 'json') return `${JSON.stringify(failure ?? report, null, isOneLine ? 0 : 2)}\n`;
  if (!report || failure) return undefined;
  if (output.kind === 'format') return `${output.write({ report, nowMs, textStyle })}\n`;
  return `${usageView(report, nowMs, textStyle).join('\n')}\n`;
}

/** The sentence about a failure, for stderr. */
export function failureText({ error }: UsageFailure, columns: number): string {
  return `${wrapped(error.message, columns).join('\n')}\n`;
}
