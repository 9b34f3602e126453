import type { LimitsReader } from '../../handlers/limits/limits-reader.js';
import type { FoundRead } from '../../snapshot/read-through.js';
import { withOwnServices } from '../in-process/own-services.js';
import { cannotWrite, print } from '../terminal/print.js';
import { textStyleFor } from '../terminal/text-style.js';
import { readUsageArguments, type UsageChoice } from './arguments.js';
import { noSnapshot, usageFailure } from './failure.js';
import type { UsageState } from './state.js';
import { showUsage } from './show.js';
import type { UsageIo } from '../io.js';
import { showWaiting, startTimeout } from './waiting.js';
import { watchUsage } from './watch/watch.js';
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
    // Each home has its own `.env`, which does not change how all of them are shown.
    const shown = choice?.homes ? { ...io, env: io.serverEnv } : io;
    if (choice?.isInstallHelp) {
      const { installHelp } = await import('./presets/install-help.js');
      await print(io.stdout, await installHelp(args, choice, io));
      return 0;
    }
    // JSON has no local times.
    if (choice && choice.output.kind !== 'json') warnAboutTimeZone(shown);
    if (choice) return await run(choice, shown, onLiveRead);
    await print(io.stdout, (await import('./help.js')).usageHelp);
    return 0;
  } catch (error) {
    await print(io.stderr, cannotWrite('usage', error));
    return 1;
  }
}

async function run(choice: UsageChoice, io: UsageIo, onLiveRead: () => void): Promise<number> {
  const { output } = choice;
  if (output.kind === 'preset' && !choice.isWatching) {
    return (await import('./presets/show-preset.js')).showPreset(choice, output, io);
  }
  const stop = new AbortController();
  void io.untilStopped().then(() => {
    stop.abort(new Error('stopped'));
  });
  if (choice.events) {
    const { watchEvents } = await import('./events/watch-events.js');
    return watchEvents(choice, choice.events, io, stop.signal);
  }
  if (choice.homes) return runWithHomes(choice, choice.homes, io, stop.signal, onLiveRead);
  if (choice.isHistory) {
    return (await import('./history/command.js')).showUsageHistory(choice.output.kind === 'json', io);
  }
  if (choice.isWatching) return watchUsage(choice, io, stop.signal);
  if (choice.isWaiting) return (await import('./wait/wait.js')).waitForUsage(choice, io, stop.signal);
  if (choice.showsTokens) return (await import('./tokens/command.js')).showTokens(choice, io, stop.signal);
  const hideWaiting = showWaiting('the limits', io);
  const state = await readOnce(choice, io, stop.signal).finally(hideWaiting);
  if (stop.signal.aborted) {
    io.endBySignal();
    return 1;
  }
  const exitCode = await showUsage(state, choice, io);
  if (state.read?.isCached === false) onLiveRead();
  return exitCode;
}

async function runWithHomes(
  choice: UsageChoice,
  homes: readonly string[],
  io: UsageIo,
  stopped: AbortSignal,
  onLiveRead: () => void,
): Promise<number> {
  const { warnAboutLogin } = await import('./homes/named.js');
  await warnAboutLogin(io.env, io.stderr);
  if (choice.isWatching) return (await import('./homes/watch.js')).watchHomes(choice, io, stopped);
  const [{ readHomes }, { groupHomes }, { showHomes }] = await Promise.all([
    import('./homes/once.js'),
    import('./homes/groups.js'),
    import('./homes/output.js'),
  ]);
  const limit = startTimeout(choice.timeoutMs, io.clock);
  const signal = AbortSignal.any([stopped, limit.signal]);
  const hideWaiting = showWaiting('the limits', io);
  const states = await readHomes(homes, io, (limits) => readLimits(choice, limits, signal)).finally(() => {
    hideWaiting();
    limit.cancel();
  });
  if (stopped.aborted) {
    io.endBySignal();
    return 1;
  }
  const exitCode = await showHomes(groupHomes(states), choice, io);
  if (states.some(({ state }) => state.read?.isCached === false)) onLiveRead();
  return exitCode;
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

/** @throws AppError `noSnapshot`, or what the read throws */
async function readLimits(
  { maxAgeMs, isCachedOnly }: UsageChoice,
  limits: LimitsReader,
  signal: AbortSignal,
): Promise<FoundRead> {
  if (!isCachedOnly) return limits.read({ ...everything, maxAgeMs: maxAgeMs ?? 0 }, signal);
  const found = await limits.find({ ...everything, maxAgeMs: maxAgeMs ?? Infinity });
  if (found) return found;
  throw noSnapshot(maxAgeMs);
}

const everything = { supportsLunaReserve: false, withResetCredits: true };
