import { safeLine } from '../../util/text/safe-text.js';
import type { OfflineIo } from '../io.js';
import { print } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import type { UsageChoice } from './arguments.js';
import { failOpenWarning, gateExitCode } from './gate/gate.js';
import { failureText, reportNow, usageExitCode, usageText } from './output.js';
import { missingLimitText } from './presentation.js';
import type { UsageState } from './state.js';

/** Shows a read or a failure once. Resolves with the exit code. @throws Error if the output cannot be written */
export async function showUsage(
  state: UsageState,
  { output, gate }: UsageChoice,
  { stdout, stderr, env, clock }: Pick<OfflineIo, 'stdout' | 'stderr' | 'env' | 'clock'>,
): Promise<number> {
  const nowMs = clock.nowMs();
  // A status bar shows colours although its output is a pipe.
  const textStyle = textStyleFor(output.kind === 'preset' ? { isTTY: true } : stdout, env);
  const text = await usageText(state, output, { nowMs, textStyle, isOneLine: false, gate });
  if (text !== undefined) await print(stdout, text);
  if (text !== undefined && output.kind === 'view' && !gate) {
    const { openRedemptionLines } = await import('./open-redemption.js');
    const lines = await openRedemptionLines({ env, clock }, textStyle);
    if (lines.length > 0) await print(stdout, `${lines.join('\n')}\n`);
  }
  const report = reportNow(state, nowMs);
  const isLine = output.kind === 'format' || output.kind === 'preset';
  const missing = isLine && missingLimitText(report, output.presentation);
  if (missing) await print(stderr, `${safeLine(missing)}\n`);
  if (state.failure && output.kind !== 'json') {
    await print(stderr, await failureText(state.failure, textStyleFor(stderr, env).columns));
  }
  if (!gate) return usageExitCode({ report, failure: state.failure }, output, text !== undefined);
  const warning = failOpenWarning(state, gate, nowMs);
  if (warning !== undefined) await print(stderr, `${warning}\n`);
  return gateExitCode(state, gate, nowMs);
}
