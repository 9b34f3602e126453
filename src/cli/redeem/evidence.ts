import type { Redemption } from '../../client/record/redemption.js';
import { isSameAccount } from '../../client/redemption/account.js';
import { listRedemptions } from '../../client/redemption/journal.js';
import { windowName } from '../../limits/windows.js';
import type { RedeemEvidence } from '../../protocol/schema/reports/redeem-evidence.js';
import { packageVersion } from '../../protocol/version.js';
import type { LogEntry } from '../../snapshot/log-entry.js';
import { readLimitsLog } from '../../snapshot/limits-log.js';
import { accountFolder } from '../../util/files/account-folder.js';
import { safeJson } from '../../util/text/safe-text.js';
import type { RedeemIo } from '../io.js';
import { plainText } from '../terminal/plain-text.js';
import { print } from '../terminal/print.js';
import { type TextStyle, textStyleFor } from '../terminal/text-style.js';
import { isDate } from '../terminal/times.js';
import { figuresText } from '../usage/history/event-texts.js';
import { changeOf } from '../usage/history/record.js';
import { redeemAttempt } from './report.js';

const dayMs = 86_400_000;
const mostChanges = 200;

/**
 * Shows an attempt and the changes of the limits around it, to be pasted in a report: without the account, the key and
 * local times. Resolves with the exit code: 3 if there is no such attempt.
 *
 * @param number 1 is the newest attempt, as `redeem --history` lists them
 * @throws RedemptionError if their record cannot be read
 * @throws Error if the output cannot be written
 */
export async function showEvidence(
  codexHome: string,
  { number, isJson }: { readonly number: number; readonly isJson: boolean },
  io: Pick<RedeemIo, 'stdout' | 'stderr' | 'env' | 'clock'>,
): Promise<number> {
  const nowMs = io.clock.nowMs();
  const redemptions = listRedemptions(codexHome, nowMs);
  const redemption = redemptions.at(-number);
  if (!redemption) {
    const count = redemptions.length;
    const text = `No redemption ${count === 0 ? '' : `${number} `}is recorded in this CODEX_HOME`;
    await print(io.stderr, count === 0 ? `${text}.\n` : `${text}; the oldest is ${count}.\n`);
    return 3;
  }
  const evidence = evidenceOf(redemption, readLimitsLog(accountFolder(codexHome)).entries, nowMs);
  const text = isJson
    ? safeJson(evidence, 2)
    : evidenceLines(evidence, textStyleFor(io.stdout, io.env)).join('\n');
  await print(io.stdout, `${text}\n`);
  return 0;
}

function evidenceOf(redemption: Redemption, entries: readonly LogEntry[], nowMs: number): RedeemEvidence {
  const { accountId: _, ...attempt } = redeemAttempt(redemption);
  const fromSecs = (redemption.startedAtMs - dayMs) / 1000;
  const changes = entries.filter((each) => isSameAccount(each, redemption.account) && each.at >= fromSecs);
  const isAll = changes.length <= mostChanges;
  return {
    version: 1,
    program: `codex-account-server ${packageVersion}`,
    writtenAt: Math.floor(nowMs / 1000),
    redemption: attempt,
    changes: (isAll ? changes : changes.filter(isMoreThanUse)).slice(0, mostChanges).map(changeOf),
    hasMoreChanges: !isAll,
  };
}

function isMoreThanUse(entry: LogEntry): boolean {
  return entry.kind === 'resetCredits' || (entry.kind === 'window' && entry.move !== 'used');
}

/** Lines are not wrapped: they are read elsewhere. */
function evidenceLines(
  { program, writtenAt, redemption, changes, hasMoreChanges }: RedeemEvidence,
  textStyle: TextStyle,
): string[] {
  const { creditId, state, startedAt, redeemedAt, updatedAt, reversal, windows, abandonReason } = redemption;
  const arrow = textStyle.hasUnicode ? '→' : '->';
  return [
    `Reset credit: ${creditId === null ? 'chosen by the backend' : plainText(creditId, textStyle)}`,
    `State: ${state} since ${utc(updatedAt)}`,
    `Sent: ${utc(startedAt)}`,
    `Confirmed: ${redeemedAt === null ? 'never' : utc(redeemedAt)}`,
    ...(abandonReason === null ? [] : [`Given up because: ${plainText(abandonReason, textStyle)}`]),
    '',
    'Windows before and after:',
    ...windows.map(({ windowDurationMins, after, verdict, ...before }) => {
      const now = after ? useText(after) : 'not reset';
      return `  ${windowName(windowDurationMins)}: ${useText(before)} ${arrow} ${now} (${verdict})`;
    }),
    ...(reversal ? ['', `Windows from before that were back at ${utc(reversal.at)}:`] : []),
    ...(reversal?.windows ?? []).map(
      ({ windowDurationMins, ...use }) => `  ${windowName(windowDurationMins)}: ${useText(use)}`,
    ),
    '',
    changes.length === 0 ? 'No changes are recorded around it.' : 'Changes from a day before it on:',
    ...changes.map((change) => {
      const boundary = change.kind === 'window' ? boundaryText(change, arrow) : '';
      return `  ${utc(change.at)}  ${figuresText(change, textStyle)}${boundary}`;
    }),
    ...(hasMoreChanges ? ['  (changes of nothing but use are left out)'] : []),
    '',
    `${program}, ${utc(writtenAt)}. Times are in UTC. The account is left out.`,
  ];
}

interface Use {
  readonly usedPercent: number;
  readonly resetsAt: number | null;
}

function useText({ usedPercent, resetsAt }: Use): string {
  return `${usedPercent} %, resets ${resetsAt === null ? 'at an unknown time' : utc(resetsAt)}`;
}

/** Says what has happened to a window except use, with its boundaries. */
function boundaryText(
  {
    before,
    after,
    move,
    movedWithoutUs,
  }: {
    readonly before: Use | null;
    readonly after: Use | null;
    readonly move: string | null;
    readonly movedWithoutUs: boolean | null;
  },
  arrow: string,
): string {
  if (move === null || move === 'used') return '';
  const [from, to] = [before, after].map((use) => (use?.resetsAt ? utc(use.resetsAt) : 'unknown'));
  const cause = movedWithoutUs === true ? ', no redemption of this CODEX_HOME' : '';
  return `, resets ${from} ${arrow} ${to} (${move}${cause})`;
}

/** Writes a time to the second, for readers in another time zone. */
function utc(seconds: number): string {
  return isDate(seconds)
    ? new Date(seconds * 1000).toISOString().replace('.000Z', 'Z')
    : 'at an unknown time';
}
