import type { GetAccountRateLimitsResponse } from '../../protocol/schema/rate-limits.js';
import type { UsageFailure, UsageReport } from '../../protocol/schema/usage-report.js';
import { safeJson } from '../../util/safe-text.js';
import type { TextStyle } from '../terminal/text-style.js';
import type { UsageOutput } from './output-choice.js';
import { isSignedOut } from './failure.js';
import { usageReport } from './report.js';

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

/** Reports the last read as of `nowMs`; undefined before the first one. */
export function reportNow({ read }: UsageState, nowMs: number): UsageReport | undefined {
  return read && usageReport(read.limits, read.atMs, nowMs, read.isCached);
}

const permissionCodes = { allowed: 0, blocked: 3, unknown: 4 } as const;

/**
 * Returns the exit code for what was shown: whether use is allowed. It is 0 for a line for another program, because
 * status bars hide what fails.
 *
 * @param hasPrinted whether something was printed to stdout
 */
export function usageExitCode(
  {
    report,
    failure,
  }: { readonly report: UsageReport | undefined; readonly failure: UsageFailure | undefined },
  output: UsageOutput,
  hasPrinted: boolean,
): number {
  const isLine = output.kind === 'format' || output.kind === 'preset';
  if (isLine && hasPrinted && !output.hasExitCode) return 0;
  if (failure?.error.data.kind === 'noSnapshot') return permissionCodes.unknown;
  if (failure) return isSignedOut(failure.error.data.kind) ? 5 : 1;
  return report ? permissionCodes[report.permission] : 1;
}

/** Resolves with the text for stdout; undefined if there is none. Loads the view, and what wraps its lines, when it is needed. */
export async function usageText(
  state: UsageState,
  output: UsageOutput,
  { nowMs, textStyle, isOneLine }: { nowMs: number; textStyle: TextStyle; isOneLine: boolean },
): Promise<string | undefined> {
  const { failure } = state;
  const report = reportNow(state, nowMs);
  if (output.kind === 'json') return `${safeJson(failure ?? report, isOneLine ? 0 : 2)}\n`;
  if (output.kind === 'format' && (report ?? failure) && (!failure || output.format.showsErrors)) {
    return `${output.format.write({ report, failure, nowMs, textStyle })}\n`;
  }
  if (output.kind === 'preset' && (report ?? failure)) {
    const { presetText } = await import('./presets/preset-text.js');
    return presetText({ report, failure }, output, { nowMs, textStyle, isStream: isOneLine });
  }
  if (!report || failure || output.kind !== 'view') return undefined;
  const { usageView } = await import('./view.js');
  return `${usageView(report, nowMs, textStyle, output.presentation).join('\n')}\n`;
}

/** Resolves with the message of a failure, for stderr. */
export async function failureText({ error }: UsageFailure, columns: number): Promise<string> {
  const { wrapped } = await import('../terminal/wrapped-text.js');
  return `${wrapped(error.message, columns).join('\n')}\n`;
}
