import { safeLine } from '../../util/safe-text.js';
import type { OfflineIo } from '../io.js';
import { print } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import type { UsageChoice } from './arguments.js';
import { failOpenWarning, gateExitCode } from './gate/gate.js';
import { failureText, reportNow, usageExitCode, usageText } from './output.js';
import type { UsageState } from './state.js';
import { missingLimitText } from './presentation.js';

/** Shows a read or a failure once. Resolves with the exit code. @throws Error if the output cannot be written */
export async function showUsage(
  state: UsageState,
  { output, gate }: UsageChoice,
  { stdout, stderr, env, clock }: OfflineIo,
): Promise<number> {
  const nowMs = clock.nowMs();
  const text = await usageText(state, output, {
    nowMs,
    textStyle: textStyleFor(stdout, env),
    isOneLine: false,
    gate,
  });
  if (text !== undefined) await print(stdout, text);
  const missing = output.kind === 'format' && missingLimitText(reportNow(state, nowMs), output.presentation);
  if (missing) await print(stderr, `${safeLine(missing)}\n`);
  if (state.failure && output.kind !== 'json') {
    await print(stderr, await failureText(state.failure, textStyleFor(stderr, env).columns));
  }
  if (!gate) return usageExitCode(state, nowMs);
  const warning = failOpenWarning(state, gate, nowMs);
  if (warning !== undefined) await print(stderr, `${warning}\n`);
  return gateExitCode(state, gate, nowMs);
}
