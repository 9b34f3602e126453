import type { LimitsReader } from '../../handlers/limits-reader.js';
import { type WatchedRead, watchLimits } from '../../handlers/watch-limits.js';
import type { GetAccountRateLimitsResponse } from '../../protocol/schema/rate-limits.js';
import { commandLogLevel } from '../../util/log.js';
import type { UsageIo } from '../io.js';
import { print } from '../terminal/print.js';
import { withOwnServices } from '../own-services.js';
import type { UsageChoice } from './arguments.js';
import { usageFailure } from './failure.js';
import { usageExitCode, type UsageState } from './output.js';
import { createUsageScreen } from './screen.js';
import { createWatchPauses } from './watch-pause.js';

/** Reads and shows the limits until it is stopped or the output is closed. Resolves with the exit code. */
export async function watchUsage(choice: UsageChoice, io: UsageIo, stopped: AbortSignal): Promise<number> {
  const { env: environment, clock, random, stdout, stderr } = io;
  const outputEnd = new AbortController();
  const end = (): void => outputEnd.abort(new Error('the output is closed'));
  const signal = AbortSignal.any([stopped, outputEnd.signal]);
  const pauses = createWatchPauses(clock, signal, () => screen.refresh());
  const screen = createUsageScreen(choice.output, io, { pauses, signal, end });
  const leaveReader = io.watchReader(end);
  // Lines of the log would damage the view.
  const isLogHidden = stdout.isTTY === true && stderr.isTTY === true;
  // Without RUST_LOG a line says what no answer does. Such lines are rare.
  const held: string[] = [];
  const writeLog = (line: string): void => {
    if (!isLogHidden) stderr.write(line);
    else if (commandLogLevel(environment.RUST_LOG) === 'alert') held.push(line);
  };
  let state: UsageState = { read: undefined, failure: undefined };
  const show = (next: UsageState): Promise<void> => screen.show((state = next));
  try {
    await withOwnServices({ environment, clock, random, writeLog }, ({ limits }) =>
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
    for (const line of held) await print(stderr, line);
  }
  return usageExitCode(state, clock.nowMs());
}

/** Fetches the list of credits only if their number has changed: it costs a request of its own. */
async function readAgain(
  last: GetAccountRateLimitsResponse | undefined,
  maxAgeMs: number,
  limits: LimitsReader,
  signal: AbortSignal,
): Promise<WatchedRead> {
  const read = (withResetCredits: boolean): Promise<WatchedRead> =>
    limits.read({ maxAgeMs, supportsLunaReserve: false, withResetCredits }, signal);
  const lastCredits = last?.rateLimitResetCredits;
  if (!lastCredits?.credits && !lastCredits?.creditsOfUnknownExpiry) return read(true);
  const found = await read(false);
  const isSame = found.answer.rateLimitResetCredits?.availableCount === lastCredits.availableCount;
  if (!isSame) return read(true);
  return { ...found, answer: { ...found.answer, rateLimitResetCredits: lastCredits } };
}
