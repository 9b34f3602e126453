import type { UsageFailure, UsageReport } from '../../protocol/schema/reports/usage-report.js';
import { safeJson } from '../../util/text/safe-text.js';
import type { RenderContext } from '../terminal/text-style.js';
import type { UsageOutput } from './output-choice.js';
import { isSignedOut } from './failure.js';
import { checkGate, type Gate, gateReport } from './gate/gate.js';
import { usageReport } from './report.js';
import type { UsageState } from './state.js';

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

interface OutputContext extends RenderContext {
  readonly isOneLine: boolean;
  /** The needs to check; undefined without `--need`. */
  readonly gate?: Gate | undefined;
}

/** Resolves with the text for stdout; undefined if there is none. Loads the view, and what wraps its lines, when it is needed. */
export async function usageText(
  state: UsageState,
  output: UsageOutput,
  { nowMs, textStyle, isOneLine, gate }: OutputContext,
): Promise<string | undefined> {
  const { failure } = state;
  const report = reportNow(state, nowMs);
  const checked = gate && checkGate(state, gate, nowMs);
  if (output.kind === 'json') {
    const json = failure ?? (checked ? { ...report, gate: gateReport(checked) } : report);
    return `${safeJson(json, isOneLine ? 0 : 2)}\n`;
  }
  if (output.kind === 'format' && (report ?? failure) && (!failure || output.format.showsErrors)) {
    return `${output.format.write({ report, failure, nowMs, textStyle })}\n`;
  }
  if (output.kind === 'preset' && (report ?? failure)) {
    const { presetText } = await import('./presets/preset-text.js');
    return presetText({ report, failure }, output, { nowMs, textStyle, isStream: isOneLine });
  }
  if (!report || failure || output.kind !== 'view') return undefined;
  if (checked) {
    const { gateLines } = await import('./gate/gate-lines.js');
    return `${gateLines(checked, report, { nowMs, textStyle }).join('\n')}\n`;
  }
  const { usageView } = await import('./view/view.js');
  return `${usageView(report, nowMs, textStyle, output.presentation).join('\n')}\n`;
}

/** Resolves with the message of a failure, for stderr. */
export async function failureText({ error }: UsageFailure, columns: number): Promise<string> {
  const { wrappedMessage } = await import('../terminal/wrapped-text.js');
  return `${wrappedMessage(error.message, columns).join('\n')}\n`;
}
