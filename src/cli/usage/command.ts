import type { LimitsReader } from '../../handlers/limits-reader.js';
import type { FoundRead } from '../../snapshot/read-through.js';
import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { withOwnServices } from '../own-services.js';
import { cannotWrite, print } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import { readUsageArguments, type UsageChoice, usageHelp } from './arguments.js';
import { usageFailure } from './failure.js';
import type { UsageState } from './output.js';
import { showUsage } from './show.js';
import type { UsageIo } from '../io.js';
import { watchUsage } from './watch.js';
import { warnAboutTimeZone } from '../terminal/time-zone-warning.js';
import { wrongUse } from '../wrong-use.js';

/**
 * Shows how much of the limits is used. Resolves with the exit code, which says whether use is allowed.
 *
 * @param onLiveRead called after a single read from the backend
 */
export async function runUsage(
  args: readonly string[],
  io: UsageIo,
  onLiveRead: () => void = () => undefined,
): Promise<number> {
  // `print` handles the errors of the streams.
  for (const stream of [io.stdout, io.stderr]) stream.on('error', () => undefined);
  let choice: UsageChoice | null;
  try {
    choice = readUsageArguments(args);
  } catch (error) {
    await print(io.stderr, wrongUse('usage', error));
    return 2;
  }
  try {
    // JSON has no local times.
    if (choice && choice.output.kind !== 'json') warnAboutTimeZone(io);
    if (choice) return await run(choice, io, onLiveRead);
    await print(io.stdout, usageHelp);
    return 0;
  } catch (error) {
    await print(io.stderr, cannotWrite('usage', error));
    return 1;
  }
}

async function run(choice: UsageChoice, io: UsageIo, onLiveRead: () => void): Promise<number> {
  const stop = new AbortController();
  void io.untilStopped().then(() => {
    stop.abort(new Error('stopped'));
  });
  if (choice.isHistory) {
    return (await import('./history/command.js')).showUsageHistory(choice.output.kind === 'json', io);
  }
  if (choice.isWatching) return watchUsage(choice, io, stop.signal);
  const hideWaiting = showWaiting(io);
  const state = await readOnce(choice, io, stop.signal).finally(hideWaiting);
  if (stop.signal.aborted) {
    io.endBySignal();
    return 1;
  }
  const exitCode = await showUsage(state, choice.output, io);
  if (state.read?.isCached === false) onLiveRead();
  return exitCode;
}

/** How long a read may take before the user is to see that it is under way. */
const waitingAfterMs = 300;

/** Shows on a terminal that a read takes a while. Returns a function that removes that. */
function showWaiting({ stderr, env, clock }: UsageIo): () => void {
  if (!stderr.isTTY || env.TERM === 'dumb') return () => undefined;
  let isShown = false;
  const cancel = clock.after(waitingAfterMs, () => {
    isShown = true;
    stderr.write(textStyleFor(stderr, env).hasUnicode ? 'Reading the limits …' : 'Reading the limits ...');
  });
  return () => {
    cancel();
    if (isShown) stderr.write('\r\u001b[K');
  };
}

async function readOnce(choice: UsageChoice, io: UsageIo, signal: AbortSignal): Promise<UsageState> {
  const { env: environment, clock, random, stderr } = io;
  const { keptLine, timeoutMs } = choice;
  const writeLog = (line: string): void => void stderr.write(line);
  const limit = startTimeout(timeoutMs, clock);
  try {
    const read = await withOwnServices(
      { environment, clock, random, writeLog },
      async ({ limits, codexHome, log }) => {
        const found = await readLimits(choice, limits, AbortSignal.any([signal, limit.signal]));
        if (keptLine) {
          const { keepLine } = await import('./keep-line.js');
          const textStyle = textStyleFor(io.stdout, environment);
          const find = (): ReturnType<LimitsReader['find']> =>
            limits.find({ ...everything, maxAgeMs: Infinity });
          await keepLine(keptLine, { find, codexHome, log, nowMs: clock.nowMs(), textStyle });
        }
        return found;
      },
    );
    const { answer, readAtMs: atMs, isCached } = read;
    return { read: { limits: answer, settled: answer, atMs, isCached }, failure: undefined };
  } catch (error) {
    return { read: undefined, failure: usageFailure(error, clock.nowMs()) };
  } finally {
    limit.cancel();
  }
}

/** Starts the time of `--timeout`; without one the signal is never aborted. */
function startTimeout(
  timeoutMs: number | undefined,
  clock: Clock,
): { readonly signal: AbortSignal; readonly cancel: () => void } {
  const controller = new AbortController();
  const { signal } = controller;
  if (timeoutMs === undefined) return { signal, cancel: () => undefined };
  const late = new AppError('timedOut', 'the time of --timeout has passed');
  return { signal, cancel: clock.after(timeoutMs, () => controller.abort(late)) };
}

/** @throws AppError `noSnapshot`, or what the read throws */
async function readLimits(
  { maxAgeMs, isCachedOnly }: UsageChoice,
  limits: LimitsReader,
  signal: AbortSignal,
): Promise<FoundRead> {
  if (!isCachedOnly) return limits.read({ ...everything, maxAgeMs: maxAgeMs ?? 0 }, signal);
  const found = await limits.find({ ...everything, maxAgeMs: maxAgeMs ?? Infinity });
  if (found) return found;
  const young = maxAgeMs === undefined ? '' : ' that is young enough';
  throw new AppError(
    'noSnapshot',
    `No read of the limits of this login${young} is stored; that of a personal access token never is. To read them: codex-account-server usage`,
  );
}

const everything = { supportsLunaReserve: false, withResetCredits: true };
