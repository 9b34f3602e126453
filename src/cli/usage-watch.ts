import { nextWaitMs } from '../limits/pace.js';
import type { GetAccountRateLimitsResponse } from '../protocol/rate-limits.js';
import { AppError } from '../util/errors.js';
import { pause } from '../util/waiting.js';
import { type ReadLimits, withOwnServices } from './own-services.js';
import type { UsageIo } from './io.js';
import type { UsageChoice } from './usage-arguments.js';
import { usageFailure } from './usage-failure.js';
import { usageExitCode, type UsageState } from './usage-output.js';
import { usageReport } from './usage-report.js';
import { createUsageScreen } from './usage-screen.js';

/** Reads and shows again and again until it is stopped or nobody looks any more. Resolves with the exit code. */
export async function watchUsage(choice: UsageChoice, io: UsageIo, stopped: AbortSignal): Promise<number> {
  const { env: environment, clock, random, stdout, stderr } = io;
  const unseen = new AbortController();
  const screen = createUsageScreen(choice.output, io, () => {
    unseen.abort(new Error('nobody looks'));
  });
  const signal = AbortSignal.any([stopped, unseen.signal]);
  // Lines of the log would tear the screen.
  const isTorn = stdout.isTTY === true && stderr.isTTY === true;
  const writeLog = (line: string): void => {
    if (!isTorn) stderr.write(line);
  };
  let state: UsageState = { report: undefined, failure: undefined };
  try {
    await withOwnServices({ environment, clock, random, writeLog }, async (readLimits) => {
      for await (const next of states(choice.intervalMs, io, readLimits, signal)) {
        state = next;
        await screen.show(state);
      }
    });
  } catch (error) {
    if (!signal.aborted) state = { ...state, failure: usageFailure(error, clock.nowMs()) };
  } finally {
    await screen.close(state);
  }
  return usageExitCode(state);
}

/** What is known after each read; waits in between. */
async function* states(
  intervalMs: number,
  { clock, random }: UsageIo,
  readLimits: ReadLimits,
  signal: AbortSignal,
): AsyncGenerator<UsageState> {
  let known: GetAccountRateLimitsResponse | undefined;
  let report: UsageState['report'];
  let quietReads = 0;
  let failures = 0;
  for (;;) {
    let failure: UsageState['failure'];
    try {
      const read = await readAgain(known, readLimits, signal);
      quietReads = JSON.stringify(read) === JSON.stringify(known) ? quietReads + 1 : 0;
      failures = 0;
      known = read;
      report = usageReport(read, clock.nowMs());
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof AppError)) throw error;
      failures += 1;
      failure = usageFailure(error, clock.nowMs());
    }
    yield { report, failure };
    const waitMs = nextWaitMs({
      intervalMs,
      quietReads,
      failures,
      retryAfterMs: failure?.error.data.retryAfterMs,
      windows: report?.limits.flatMap(({ windows }) => windows) ?? [],
      nowMs: clock.nowMs(),
      random: random(),
    });
    await pause(clock, waitMs, signal);
  }
}

/** The list of credits is fetched only when their number is another one: it costs a request of its own. */
async function readAgain(
  known: GetAccountRateLimitsResponse | undefined,
  readLimits: ReadLimits,
  signal: AbortSignal,
): Promise<GetAccountRateLimitsResponse> {
  const knownCredits = known?.rateLimitResetCredits;
  if (!knownCredits?.credits) return readLimits({}, signal);
  const read = await readLimits({ excludeResetCreditDetails: true }, signal);
  const isSame = read.rateLimitResetCredits?.availableCount === knownCredits.availableCount;
  return isSame ? { ...read, rateLimitResetCredits: knownCredits } : readLimits({}, signal);
}
