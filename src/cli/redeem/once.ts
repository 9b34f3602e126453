import {
  type AccountClient,
  type RedeemResult,
  type Redemption,
  RedemptionError,
  RequestError,
} from '../../client/library.js';
import { journalSequence } from '../../client/redemption/journal.js';
import type { Clock } from '../../util/clock.js';
import { untilAborted, withinMs } from '../../util/waiting.js';
import { createPrompts } from '../terminal/clack-prompts.js';
import { textStyleFor } from '../terminal/text-style.js';
import { cannotWrite, print } from '../terminal/print.js';
import type { Prompts } from '../terminal/prompts.js';
import type { RedeemChoice } from './arguments.js';
import { redeemInDialog } from './dialog.js';
import { ownAttempts } from './earlier.js';
import { failureExitCode, redeemFailure } from './failure.js';
import type { RedeemIo } from '../io.js';
import { writeFailure, writeReport } from './output.js';
import { redeemReport } from './report.js';
import { logRedemption } from './stored-reads.js';
import { isAboutLogin } from '../usage/failure.js';
import { requireUseful } from './warnings.js';

const exitCodes = { yes: 0, no: 3, unknown: 4 } as const;

/** Redeems a credit, after asking for confirmation unless `--yes` was given. Resolves with the exit code. */
export async function redeemOnce(
  client: AccountClient,
  choice: Extract<RedeemChoice, { kind: 'redeem' }>,
  { io, codexHome }: { readonly io: RedeemIo; readonly codexHome: string },
  signal: AbortSignal,
): Promise<number> {
  const { stdin: input, stdout, stderr, env, clock } = io;
  const { creditId, isAgreed, isForced, isJson } = choice;
  const screen = isJson ? stderr : stdout;
  const textStyle = textStyleFor(screen, env);
  const prompts: Prompts | undefined = isAgreed
    ? undefined
    : createPrompts(env, { input, output: screen, signal, textStyle });
  const output = { isJson, io, prompts };
  const sinceSequence = journalSequence(codexHome);

  /** Lists the attempts of the account that the error is about. */
  async function attemptsOfAccount(error: unknown): Promise<readonly Redemption[]> {
    const about = error instanceof RedemptionError ? error.redemption : null;
    const started = (await client.redemptions()).findLast(({ sequence }) => sequence > sinceSequence);
    return ownAttempts(client, (about ?? started)?.account);
  }

  async function redeemAgreed(): Promise<RedeemResult> {
    if (!isForced) await requireUseful(client, { nowMs: () => clock.nowMs(), textStyle, signal });
    return client.redeem({ creditId, signal });
  }

  let end: RedeemResult;
  try {
    const work = prompts
      ? redeemInDialog({ client, prompts, clock, signal, textStyle }, creditId)
      : redeemAgreed();
    end = await withGracePeriod(work, clock, signal);
  } catch (error) {
    const journal = await withinMs(clock, graceMs, attemptsOfAccount(error)).catch(() => undefined);
    const loginProblem = await loginProblemOf(error, io);
    const now = { nowMs: clock.nowMs(), textStyle };
    const failure = redeemFailure(error, { journal, sinceSequence, loginProblem, ...now });
    return written(failureExitCode(failure), writeFailure(failure, output), io);
  }
  const report = redeemReport(end, clock.nowMs());
  const exitCode = await written(exitCodes[report.spent], writeReport(report, output), io);
  if (report.spent === 'yes') await logRedemption(client, signal);
  return exitCode;
}

/** Resolves with the reason why the stored login cannot be used, which the server does not report. */
async function loginProblemOf(error: unknown, { env, clock }: RedeemIo): Promise<string | undefined> {
  if (!(error instanceof RequestError) || !isAboutLogin(error.kind)) return undefined;
  const { readLoginProblem } = await import('../in-process/login-problem.js');
  return readLoginProblem(env, clock);
}

/** Resolves with the exit code once the output is written. It is about the credit, even if the output cannot be written. */
async function written(exitCode: number, output: Promise<void>, { stderr }: RedeemIo): Promise<number> {
  await output.catch((error: unknown) => print(stderr, cannotWrite('redeem', error)));
  return exitCode;
}

/** How long the work may take to end after a stop request. */
const graceMs = 1_500;

/**
 * Waits for the work, and after a stop request for its end within the grace period.
 *
 * @throws what the work throws; the signal's reason if the work does not end in time
 */
async function withGracePeriod(
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
