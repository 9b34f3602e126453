import { findReader, noteReader } from '../../../snapshot/reader.js';
import type { UsageFailure, UsageReport } from '../../../protocol/schema/reports/usage-report.js';
import { AppError } from '../../../util/errors.js';
import { safeLine } from '../../../util/text/safe-text.js';
import { pause, withinMs } from '../../../util/waiting.js';
import { codexHomeOf } from '../../environment.js';
import type { PresetIo } from '../../io.js';
import { cannotWrite, print } from '../../terminal/print.js';
import { textStyleFor } from '../../terminal/text-style.js';
import type { UsageChoice } from '../arguments.js';
import { commandError, noSnapshot, usageFailure } from '../failure.js';
import { failureText, usageExitCode } from '../output.js';
import type { PresetOutput } from '../output-choice.js';
import { missingLimitText } from '../presentation.js';
import { usageReport } from '../report.js';
import { storedReads, type StoredReads } from '../stored.js';
import type { BarState } from './bar.js';
import { presetText } from './preset-text.js';

/** How long a status bar waits for its line. */
const usualLimitMs = 800;

/**
 * Shows a preset. If no stored read is young enough, another process reads, so that the line is there in time, and so
 * that whoever ends this process does not end the read. If the read fails or takes too long, the newest stored
 * read is shown. Resolves with the exit code.
 */
export async function showPreset(choice: UsageChoice, output: PresetOutput, io: PresetIo): Promise<number> {
  const { stdout, stderr, env, clock } = io;
  const { report, failure } = await stateFor(choice, io);
  const nowMs = clock.nowMs();
  const textStyle = textStyleFor({ isTTY: true }, env);
  const text = await presetText({ report, failure }, output, { nowMs, textStyle, isStream: false });
  try {
    await print(stdout, text);
    const missing = missingLimitText(report, output.presentation);
    if (missing !== undefined) await print(stderr, `${safeLine(missing)}\n`);
    if (failure) await print(stderr, await failureText(failure, textStyleFor(stderr, env).columns));
  } catch (error) {
    await print(stderr, cannotWrite('usage', error));
    return 1;
  }
  return usageExitCode({ report, failure }, output, true);
}

async function stateFor(choice: UsageChoice, io: PresetIo): Promise<BarState> {
  const { clock, env } = io;
  // The process that reads reports a login or settings that cannot be used.
  const stored = await storedReads(env, clock, () => undefined).catch(() => undefined);
  const { maxAgeMs = Infinity } = choice;
  const young = stored && maxAgeMs > 0 ? reportOf(stored, maxAgeMs, clock.nowMs()) : undefined;
  if (young) return { report: young, failure: undefined };
  const outcome = choice.isCachedOnly
    ? usageFailure(noSnapshot(choice.maxAgeMs), clock.nowMs())
    : await readElsewhere(choice, stored, io);
  if (!('error' in outcome)) return { report: outcome, failure: undefined };
  return { report: stored && reportOf(stored, Infinity, clock.nowMs()), failure: outcome };
}

/** Lets another process read. Resolves with its result, or with a failure when the time has passed. */
async function readElsewhere(
  { maxAgeMs = 0, timeoutMs }: UsageChoice,
  stored: StoredReads | undefined,
  io: PresetIo,
): Promise<UsageReport | UsageFailure> {
  const { clock } = io;
  const late = new AbortController();
  const result = await withinMs(
    clock,
    timeoutMs ?? usualLimitMs,
    readOnce(maxAgeMs, stored, io, late.signal).catch((error: unknown) => usageFailure(error, clock.nowMs())),
  );
  late.abort();
  return result ?? stillReading(clock.nowMs());
}

function stillReading(nowMs: number): UsageFailure {
  const error = commandError('timedOut', 'The limits are still being read.', {});
  return { version: 1, failedAt: Math.floor(nowMs / 1000), error };
}

const pollMs = 20;

async function readOnce(
  maxAgeMs: number,
  stored: StoredReads | undefined,
  { env, clock, program }: PresetIo,
  signal: AbortSignal,
): Promise<UsageReport | UsageFailure> {
  const isUnderWay = (): boolean =>
    stored !== undefined && findReader(codexHomeOf(env), stored.key, clock.nowMs()) !== undefined;
  if (isUnderWay()) {
    while (isUnderWay()) await pause(clock, pollMs, signal);
    const report = stored && reportOf(stored, maxAgeMs, clock.nowMs());
    if (report) return report;
  }
  const { pid, output } = await program.startRead(['--json', '--max-age', `${maxAgeMs / 1000}`]);
  if (stored && pid !== undefined) noteReader(codexHomeOf(env), stored.key, pid, clock.nowMs());
  return parsed(await output);
}

function reportOf(stored: StoredReads, maxAgeMs: number, nowMs: number): UsageReport | undefined {
  const found = stored.find(maxAgeMs);
  return found && usageReport(found.answer, found.readAtMs, nowMs, true);
}

/** Reads what `usage --json` has printed. @throws AppError if it has printed nothing */
function parsed(json: string): UsageReport | UsageFailure {
  try {
    return JSON.parse(json) as UsageReport | UsageFailure;
  } catch {
    throw new AppError('internal', 'the process that reads has ended without a result');
  }
}
