import type { OfflineIo } from '../io.js';
import { print } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import type { UsageChoice } from './arguments.js';
import { failureText, usageExitCode, type UsageState, usageText } from './output.js';

/** Shows a read or a failure once. Resolves with the exit code. @throws Error if the output cannot be written */
export async function showUsage(
  state: UsageState,
  output: UsageChoice['output'],
  { stdout, stderr, env, clock }: OfflineIo,
): Promise<number> {
  const nowMs = clock.nowMs();
  const text = await usageText(state, output, {
    nowMs,
    textStyle: textStyleFor(stdout, env),
    isOneLine: false,
  });
  if (text !== undefined) await print(stdout, text);
  if (state.failure && output.kind !== 'json') {
    await print(stderr, await failureText(state.failure, textStyleFor(stderr, env).columns));
  }
  return usageExitCode(state, nowMs);
}
