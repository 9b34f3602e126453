import { safeLine } from '../../util/safe-text.js';
import type { OfflineIo } from '../io.js';
import { print } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import type { UsageOutput } from './output-choice.js';
import { failureText, reportNow, usageExitCode, type UsageState, usageText } from './output.js';
import { missingLimitText } from './presentation.js';

/** Shows a read or a failure once. Resolves with the exit code. @throws Error if the output cannot be written */
export async function showUsage(
  state: UsageState,
  output: UsageOutput,
  { stdout, stderr, env, clock }: OfflineIo,
): Promise<number> {
  const nowMs = clock.nowMs();
  // A status bar shows colours although its output is a pipe.
  const textStyle = textStyleFor(output.kind === 'preset' ? { isTTY: true } : stdout, env);
  const text = await usageText(state, output, { nowMs, textStyle, isOneLine: false });
  if (text !== undefined) await print(stdout, text);
  const report = reportNow(state, nowMs);
  const isLine = output.kind === 'format' || output.kind === 'preset';
  const missing = isLine && missingLimitText(report, output.presentation);
  if (missing) await print(stderr, `${safeLine(missing)}\n`);
  if (state.failure && output.kind !== 'json') {
    await print(stderr, await failureText(state.failure, textStyleFor(stderr, env).columns));
  }
  return usageExitCode({ report, failure: state.failure }, output, text !== undefined);
}
