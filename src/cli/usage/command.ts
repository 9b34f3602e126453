import { textStyleFor } from '../terminal/text-style.js';
import { withLimitsReader } from './in-process.js';
import { cannotWrite, print } from '../terminal/print.js';
import { readUsageArguments, type UsageChoice, usageHelp } from './arguments.js';
import { usageFailure } from './failure.js';
import { failureText, usageExitCode, type UsageState, usageText } from './output.js';
import type { UsageIo } from '../io.js';
import { watchUsage } from './watch.js';
import { warnAboutTimeZone } from '../terminal/time-zone-warning.js';
import { wrongUse } from '../terminal/wrong-use.js';

/** Shows how much of the limits is used. Resolves with the exit code, which says whether use is allowed. */
export async function runUsage(args: readonly string[], io: UsageIo): Promise<number> {
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
    if (choice) return await run(choice, io);
    await print(io.stdout, usageHelp);
    return 0;
  } catch (error) {
    await print(io.stderr, cannotWrite('usage', error));
    return 1;
  }
}

async function run(choice: UsageChoice, io: UsageIo): Promise<number> {
  const stop = new AbortController();
  void io.untilStopped().then(() => {
    stop.abort(new Error('stopped'));
  });
  if (choice.isWatching) return watchUsage(choice, io, stop.signal);
  const state = await readOnce(io, stop.signal);
  if (stop.signal.aborted) return 1;
  const nowMs = io.clock.nowMs();
  const text = usageText(state, choice.output, {
    nowMs,
    textStyle: textStyleFor(io.stdout, io.env),
    isOneLine: false,
  });
  if (text !== undefined) await print(io.stdout, text);
  if (state.failure && choice.output.kind !== 'json') {
    await print(io.stderr, failureText(state.failure, textStyleFor(io.stderr, io.env).columns));
  }
  return usageExitCode(state, nowMs);
}

async function readOnce(io: UsageIo, signal: AbortSignal): Promise<UsageState> {
  const { env: environment, clock, random, stderr } = io;
  const writeLog = (line: string): void => void stderr.write(line);
  try {
    const limits = await withLimitsReader({ environment, clock, random, writeLog }, (readLimits) =>
      readLimits({}, signal),
    );
    return { read: { limits, settled: limits, atMs: clock.nowMs() }, failure: undefined };
  } catch (error) {
    return { read: undefined, failure: usageFailure(error, clock.nowMs()) };
  }
}
