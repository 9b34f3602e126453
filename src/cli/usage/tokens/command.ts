import type { TokenUsageReport } from '../../../protocol/schema/reports/token-usage-report.js';
import type { UsageFailure } from '../../../protocol/schema/reports/usage-report.js';
import { safeJson } from '../../../util/text/safe-text.js';
import type { UsageIo } from '../../io.js';
import { withOwnServices } from '../../in-process/own-services.js';
import { print } from '../../terminal/print.js';
import { textStyleFor } from '../../terminal/text-style.js';
import type { UsageChoice } from '../arguments.js';
import { isSignedOut, usageFailure } from '../failure.js';
import { failureText } from '../output.js';
import { showWaiting, startTimeout } from '../waiting.js';
import { tokensView } from './view.js';

/** Shows the token activity of the account. Resolves with the exit code. @throws Error if the output cannot be written */
export async function showTokens(choice: UsageChoice, io: UsageIo, stopped: AbortSignal): Promise<number> {
  const { stdout, stderr, env, clock } = io;
  const isJson = choice.output.kind === 'json';
  const hideWaiting = showWaiting('the token activity', io);
  const limit = startTimeout(choice.timeoutMs, clock);
  const read = await readTokens(io, AbortSignal.any([stopped, limit.signal])).finally(() => {
    limit.cancel();
    hideWaiting();
  });
  if (stopped.aborted) {
    io.endBySignal();
    return 1;
  }
  if (isJson) await print(stdout, `${safeJson(read, 2)}\n`);
  else if ('error' in read) await print(stderr, await failureText(read, textStyleFor(stderr, env).columns));
  else {
    const lines = tokensView(read, { nowMs: clock.nowMs(), textStyle: textStyleFor(stdout, env) });
    await print(stdout, `${lines.join('\n')}\n`);
  }
  if (!('error' in read)) return 0;
  return isSignedOut(read.error.data.kind) ? 5 : 1;
}

async function readTokens(io: UsageIo, signal: AbortSignal): Promise<TokenUsageReport | UsageFailure> {
  const { env: environment, clock, random, stderr } = io;
  const writeLog = (line: string): void => void stderr.write(line);
  const readAt = Math.floor(clock.nowMs() / 1000);
  try {
    const usage = await withOwnServices({ environment, clock, random, writeLog }, async ({ handlers }) =>
      handlers['account/usage/read']({}, { signal, answered: Promise.resolve() }),
    );
    return { version: 1, readAt, usage };
  } catch (error) {
    return withoutActivity(usageFailure(error, clock.nowMs(), 'read the token activity'));
  }
}

/** Explains a 404: the answer of a backend that does not know the account's activity. */
function withoutActivity(failure: UsageFailure): UsageFailure {
  const { kind, data } = failure.error;
  if (kind !== 'backendStatus' || data.httpStatus !== 404) return failure;
  return { ...failure, error: { kind, message: 'The backend has no token activity of this account.', data } };
}
