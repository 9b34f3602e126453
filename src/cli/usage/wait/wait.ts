import { type WaitState, waitForNeeds } from '../../../limits/needs/wait-for-needs.js';
import type { GetAccountRateLimitsResponse } from '../../../protocol/schema/rate-limits.js';
import type { Clock } from '../../../util/clock.js';
import { AppError } from '../../../util/errors.js';
import { pauseUntil } from '../../../util/wall-clock.js';
import type { UsageIo } from '../../io.js';
import { withOwnServices } from '../../in-process/own-services.js';
import { print } from '../../terminal/print.js';
import type { UsageChoice } from '../arguments.js';
import { isSignedOut, usageFailure } from '../failure.js';
import type { UsageState } from '../state.js';
import { showUsage } from '../show.js';
import { createWaitProgress } from './progress.js';

/** How old a read of another process may be. */
const acceptedAgeMs = 15_000;

const timedOutCode = 7;

/**
 * Waits until use is allowed and enough is left, then shows that. Resolves with the exit code.
 *
 * @param stopped aborted by a signal, after which the process is to end by that signal
 */
export async function waitForUsage(choice: UsageChoice, io: UsageIo, stopped: AbortSignal): Promise<number> {
  const { env: environment, clock, random, stderr } = io;
  const timeout = startTimeout(choice.timeoutMs, clock);
  const signal = AbortSignal.any([stopped, timeout.signal]);
  const progress = createWaitProgress(io);
  let state: UsageState = { read: undefined, failure: undefined };
  const note = ({ last, error }: Pick<WaitState<StampedRead>, 'last' | 'error'>): UsageState => {
    const read = last && { ...last.read, limits: last.read, settled: last.read };
    return { read, failure: error === undefined ? undefined : usageFailure(error, clock.nowMs()) };
  };
  try {
    await withOwnServices(
      { environment, clock, random, writeLog: (line) => void stderr.write(line) },
      async ({ limits }) => {
        const everything = { supportsLunaReserve: false, withResetCredits: true };
        const stored = async (): Promise<number | undefined> => {
          const found = await limits.find({ ...everything, maxAgeMs: Infinity }).catch(() => undefined);
          return found?.readAtMs;
        };
        let known: number | undefined;
        const last = await waitForNeeds<StampedRead>({
          needs: choice.gate?.needs ?? [],
          async read() {
            const read = limits.read({ ...everything, maxAgeMs: acceptedAgeMs }, signal);
            const { answer, readAtMs: atMs, isCached } = await read;
            known = await stored();
            return { ...answer, atMs, isCached };
          },
          // A redemption makes the stored read unusable. Nothing is known if no reads are stored.
          hasChanged: async () => known !== undefined && (await stored()) !== known,
          passing,
          onWait(waiting) {
            state = note(waiting);
            progress.show(waiting, state);
          },
          clock,
          random,
          signal,
        });
        state = note({ last, error: undefined });
      },
    );
  } catch (error) {
    if (!signal.aborted) state = { ...state, failure: usageFailure(error, clock.nowMs()) };
  } finally {
    progress.close();
    timeout.cancel();
  }
  if (stopped.aborted) {
    io.endBySignal();
    return 1;
  }
  const exitCode = await showUsage(state, choice, io);
  if (!timeout.signal.aborted) return exitCode;
  await print(stderr, 'The time of --timeout has passed.\n');
  return timedOutCode;
}

type StampedRead = GetAccountRateLimitsResponse & { readonly atMs: number; readonly isCached: boolean };

/** Decides whether a failed read may succeed later without the user. */
function passing(error: unknown): { readonly retryAfterMs: number | undefined } | undefined {
  if (!(error instanceof AppError) || isSignedOut(error.kind)) return undefined;
  return { retryAfterMs: error.details.retryAfterMs };
}

/** Starts the time of `--timeout`, of which a sleep of the machine is a part. Without one the signal is never aborted. */
function startTimeout(
  timeoutMs: number | undefined,
  clock: Clock,
): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const [timedOut, cancelled] = [new AbortController(), new AbortController()];
  const cancel = (): void => cancelled.abort();
  if (timeoutMs === undefined) return { signal: timedOut.signal, cancel };
  const untilMs = clock.nowMs() + timeoutMs;
  const wait = async (): Promise<void> => {
    while (!(await pauseUntil(clock, untilMs, cancelled.signal))) continue;
    timedOut.abort(new Error('timed out'));
  };
  wait().catch(() => undefined);
  return { signal: timedOut.signal, cancel };
}
