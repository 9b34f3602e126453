import type { LimitsRead, LimitsReader } from '../../../handlers/limits/limits-reader.js';
import { watchLimits } from '../../../handlers/limits/watch-limits.js';
import type { GetAccountRateLimitsResponse } from '../../../protocol/schema/rate-limits.js';
import type { UsageIo } from '../../io.js';
import { withOwnServices } from '../../in-process/own-services.js';
import type { UsageChoice } from '../arguments.js';
import { usageFailure } from '../failure.js';
import { reportNow, usageExitCode } from '../output.js';
import type { UsageState } from '../state.js';
import { createUsageScreen } from './screen.js';
import { createWatchLog } from './watch-log.js';
import { createWatchPauses } from './watch-pause.js';

/** Reads and shows the limits until it is stopped or the output is closed. Resolves with the exit code. */
export async function watchUsage(choice: UsageChoice, io: UsageIo, stopped: AbortSignal): Promise<number> {
  const { env: environment, clock, random } = io;
  const outputEnd = new AbortController();
  const end = (): void => outputEnd.abort(new Error('the output is closed'));
  const signal = AbortSignal.any([stopped, outputEnd.signal]);
  const pauses = createWatchPauses(clock, signal, () => screen.refresh());
  const screen = createUsageScreen(choice.output, io, { pauses, signal, end });
  const leaveReader = io.watchReader(end);
  const log = createWatchLog(io);
  let state: UsageState = { read: undefined, failure: undefined };
  const show = (next: UsageState): Promise<void> => screen.show((state = next));
  try {
    await withOwnServices({ environment, clock, random, writeLog: log.write }, ({ limits }) =>
      watchLimits({
        intervalMs: choice.intervalMs,
        read: (last, maxAgeMs) => readAgain(last, maxAgeMs, limits, signal),
        known: { limits: undefined, readAtMs: undefined },
        onRead: ({ answer, readAtMs: atMs, isCached }, { settled }) =>
          show({ read: { limits: answer, settled, atMs, isCached }, failure: undefined }),
        onFailure: (error) => show({ ...state, failure: usageFailure(error, clock.nowMs()) }),
        clock,
        random,
        signal,
        pause: pauses.pause,
      }),
    );
  } catch (error) {
    if (!signal.aborted) state = { ...state, failure: usageFailure(error, clock.nowMs()) };
  } finally {
    leaveReader();
    await screen.close(state);
    await log.close();
  }
  const report = reportNow(state, clock.nowMs());
  return usageExitCode({ report, failure: state.failure }, choice.output, screen.hasPrinted());
}

/** Fetches the list of credits only if their number has changed: it costs a request of its own. */
export async function readAgain(
  last: GetAccountRateLimitsResponse | undefined,
  maxAgeMs: number,
  limits: LimitsReader,
  signal: AbortSignal,
): Promise<LimitsRead> {
  const read = (withResetCredits: boolean): Promise<LimitsRead> =>
    limits.read({ maxAgeMs, supportsLunaReserve: false, withResetCredits }, signal);
  const lastCredits = last?.rateLimitResetCredits;
  if (!lastCredits?.credits && !lastCredits?.creditsOfUnknownExpiry) return read(true);
  const found = await read(false);
  const isSame = found.answer.rateLimitResetCredits?.availableCount === lastCredits.availableCount;
  if (!isSame) return read(true);
  return { ...found, answer: { ...found.answer, rateLimitResetCredits: lastCredits } };
}
