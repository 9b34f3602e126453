import { watchLimits } from '../../handlers/watch-limits.js';
import type { GetAccountRateLimitsResponse } from '../../protocol/schema/rate-limits.js';
import type { UsageIo } from '../io.js';
import { type ReadLimits, withLimitsReader } from './in-process.js';
import type { UsageChoice } from './arguments.js';
import { usageFailure } from './failure.js';
import { usageExitCode, type UsageState } from './output.js';
import { createUsageScreen } from './screen.js';

/** Reads and shows the limits until it is stopped or the output is closed. Resolves with the exit code. */
export async function watchUsage(choice: UsageChoice, io: UsageIo, stopped: AbortSignal): Promise<number> {
  const { env: environment, clock, random, stdout, stderr } = io;
  const outputEnd = new AbortController();
  const screen = createUsageScreen(choice.output, io, () => {
    outputEnd.abort(new Error('the output is closed'));
  });
  const signal = AbortSignal.any([stopped, outputEnd.signal]);
  // Lines of the log would damage the view.
  const isLogHidden = stdout.isTTY === true && stderr.isTTY === true;
  const writeLog = (line: string): void => {
    if (!isLogHidden) stderr.write(line);
  };
  let state: UsageState = { read: undefined, failure: undefined };
  const show = (next: UsageState): Promise<void> => screen.show((state = next));
  try {
    await withLimitsReader({ environment, clock, random, writeLog }, (readLimits) =>
      watchLimits({
        intervalMs: choice.intervalMs,
        read: (last) => readAgain(last, readLimits, signal),
        known: { limits: undefined },
        onRead: (limits, { settled }) =>
          show({ read: { limits, settled, atMs: clock.nowMs() }, failure: undefined }),
        onFailure: (error) => show({ ...state, failure: usageFailure(error, clock.nowMs()) }),
        clock,
        random,
        signal,
      }),
    );
  } catch (error) {
    if (!signal.aborted) state = { ...state, failure: usageFailure(error, clock.nowMs()) };
  } finally {
    await screen.close(state);
  }
  return usageExitCode(state, clock.nowMs());
}

/** Fetches the list of credits only if their number has changed: it costs a request of its own. */
async function readAgain(
  last: GetAccountRateLimitsResponse | undefined,
  readLimits: ReadLimits,
  signal: AbortSignal,
): Promise<GetAccountRateLimitsResponse> {
  const lastCredits = last?.rateLimitResetCredits;
  if (!lastCredits?.credits && !lastCredits?.creditsOfUnknownExpiry) return readLimits({}, signal);
  const read = await readLimits({ excludeResetCreditDetails: true }, signal);
  const isSame = read.rateLimitResetCredits?.availableCount === lastCredits.availableCount;
  return isSame ? { ...read, rateLimitResetCredits: lastCredits } : readLimits({}, signal);
}
