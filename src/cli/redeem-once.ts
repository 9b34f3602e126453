import {
  type AccountClient,
  type RedeemResult,
  type Redemption,
  RedemptionError,
} from '../client/library.js';
import type { Clock } from '../util/clock.js';
import { untilAborted, withinMs } from '../util/waiting.js';
import { createClackPrompts } from './clack-prompts.js';
import { createLinePrompts } from './line-prompts.js';
import { lookFor } from './look.js';
import { ownAttempts } from './own-attempts.js';
import { cannotWrite, print } from './print.js';
import type { Prompts } from './prompts.js';
import type { RedeemChoice } from './redeem-arguments.js';
import { redeemInDialog } from './redeem-dialog.js';
import { failureExitCode, redeemFailure } from './redeem-failure.js';
import type { RedeemIo } from './io.js';
import { writeFailure, writeReport } from './redeem-output.js';
import { redeemReport } from './redeem-report.js';

const exitCodes = { yes: 0, no: 3, unknown: 4 } as const;

/** Redeems, asking before unless it was agreed to. Resolves with the exit code. */
export async function redeemOnce(
  client: AccountClient,
  choice: Extract<RedeemChoice, { kind: 'redeem' }>,
  io: RedeemIo,
  signal: AbortSignal,
): Promise<number> {
  const { stdin: input, stdout, stderr, env, clock } = io;
  const { creditId, isAgreed, isJson } = choice;
  const screen = isJson ? stderr : stdout;
  const look = lookFor(screen, env);
  const createPrompts = env.TERM === 'dumb' ? createLinePrompts : createClackPrompts;
  const prompts: Prompts | undefined = isAgreed
    ? undefined
    : createPrompts({ input, output: screen, signal, look });
  const output = { isJson, io, prompts };
  const sinceMs = clock.nowMs();

  async function attemptsBehind(error: unknown): Promise<readonly Redemption[]> {
    const about = error instanceof RedemptionError ? error.redemption : null;
    const begun = (await client.redemptions()).findLast(({ startedAtMs }) => startedAtMs >= sinceMs);
    return ownAttempts(client, clock.nowMs(), (about ?? begun)?.account);
  }

  let end: RedeemResult;
  try {
    const work = prompts
      ? redeemInDialog({ client, prompts, clock, signal, look }, creditId)
      : client.redeem({ creditId, signal });
    end = await unlessStuck(work, clock, signal);
  } catch (error) {
    const journal = await withinMs(clock, graceMs, attemptsBehind(error)).catch(() => undefined);
    const failure = redeemFailure(error, { journal, sinceMs, nowMs: clock.nowMs(), look });
    return tell(failureExitCode(failure), writeFailure(failure, output), io);
  }
  const report = redeemReport(end, clock.nowMs());
  return tell(exitCodes[report.spent], writeReport(report, output), io);
}

/** What became of the credit counts, also where it cannot be written. */
async function tell(exitCode: number, written: Promise<void>, { stderr }: RedeemIo): Promise<number> {
  await written.catch((error: unknown) => print(stderr, cannotWrite('redeem', error)));
  return exitCode;
}

/** How long what is under way has to come to its end once it is to stop. */
const graceMs = 1_500;

/** @throws the signal's reason where the work does not obey it */
async function unlessStuck(
  work: Promise<RedeemResult>,
  clock: Clock,
  signal: AbortSignal,
): Promise<RedeemResult> {
  try {
    return await untilAborted(work, signal);
  } catch (error) {
    const ended = signal.aborted ? await withinMs(clock, graceMs, work) : undefined;
    if (ended) return ended;
    throw error;
  }
}
