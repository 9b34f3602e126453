import { RedemptionError } from '../../../client/record/error.js';
import type { Redemption, RedemptionAccount } from '../../../client/record/redemption.js';
import { listRedemptions } from '../../../client/redemption/journal.js';
import { readLimitsLog } from '../../../snapshot/limits-log.js';
import { accountFolder } from '../../../util/files/account-folder.js';
import { silentLog } from '../../../util/log.js';
import { safeJson, safeLine } from '../../../util/text/safe-text.js';
import { codexHomeOf } from '../../environment.js';
import type { UsageIo } from '../../io.js';
import { offlineLogin } from '../../in-process/offline-login.js';
import { print } from '../../terminal/print.js';
import { textStyleFor } from '../../terminal/text-style.js';
import { usageFailure } from '../failure.js';
import { usageHistory } from './record.js';
import { historyView } from './view.js';

type HistoryIo = Pick<UsageIo, 'stdout' | 'stderr' | 'env' | 'clock'>;

/**
 * Shows what processes with this CODEX_HOME have seen change. Sends nothing. Resolves with the exit code.
 *
 * @throws Error if the output cannot be written
 */
export async function showUsageHistory(isJson: boolean, io: HistoryIo): Promise<number> {
  const { stdout, stderr, env, clock } = io;
  const nowMs = clock.nowMs();
  let codexHome: string;
  try {
    codexHome = codexHomeOf(env);
  } catch (error) {
    const failure = usageFailure(error, nowMs);
    await (isJson
      ? print(stdout, `${safeJson(failure, 2)}\n`)
      : print(stderr, `${safeLine(failure.error.message)}\n`));
    return 1;
  }
  const { redemptions, problem } = redemptionsIn(codexHome, nowMs);
  if (problem !== undefined) await print(stderr, `The redemptions are not shown: ${safeLine(problem)}\n`);
  const log = readLimitsLog(accountFolder(codexHome));
  for (const name of log.unusable) {
    await print(stderr, `${name} cannot be read: it is not a file that only this user can write to.\n`);
  }
  const history = usageHistory(log, redemptions, await accountOf(io));
  const lines = isJson
    ? [safeJson(history, 2)]
    : historyView(history, { nowMs, textStyle: textStyleFor(stdout, env) });
  await print(stdout, `${lines.join('\n')}\n`);
  return 0;
}

function redemptionsIn(
  codexHome: string,
  nowMs: number,
): { readonly redemptions: readonly Redemption[]; readonly problem?: string } {
  try {
    return { redemptions: listRedemptions(codexHome, nowMs) };
  } catch (error) {
    if (error instanceof RedemptionError) return { redemptions: [], problem: error.message };
    throw error;
  }
}

/** Returns the account of the login in use; undefined if it is not known without a request, or cannot be read. */
async function accountOf(io: HistoryIo): Promise<RedemptionAccount | undefined> {
  const login = await offlineLogin(io, silentLog).catch(() => undefined);
  return login?.account;
}
