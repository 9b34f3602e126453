import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { accountFolder } from '../../util/files/account-folder.js';
import { aftermathOf, type ObservedRead } from '../record/aftermath.js';
import { RedemptionError } from '../record/error.js';
import type { Redemption, RedemptionAccount } from '../record/redemption.js';
import { nextState } from '../record/state.js';
import { isOwnAccount } from './account.js';
import { journalFileName, openJournal, type RedemptionJournal } from './journal.js';
import { type RedemptionLockOptions, withRedemptionLock } from './lock.js';

/** A read of an account, and the one before. */
export interface ReadOfAccount {
  readonly account: RedemptionAccount;
  readonly now: ObservedRead;
  /** Undefined if it is not known. */
  readonly earlier: ObservedRead | undefined;
}

/** How long to wait for the lock. Another process may be redeeming; the next read looks again. */
const waitLimitMs = 200;

/**
 * Looks again at what the redemptions of an account did. The journal is written only if the state of an attempt changes,
 * and not while another process redeems.
 *
 * @throws RedemptionError if the journal cannot be read or written, or the lock cannot be had in time
 */
export async function observeRead(
  options: Omit<RedemptionLockOptions, 'folder' | 'signal'> & {
    readonly codexHome: string;
    readonly random: () => number;
  },
  read: ReadOfAccount,
): Promise<void> {
  const { codexHome, clock, random } = options;
  const folder = accountFolder(codexHome);
  if (!existsSync(join(folder, journalFileName))) return;
  const nowMs = (): number => clock.nowMs();
  const journal = openJournal({ codexHome, folder, nowMs, random });
  if (!own(journal, read.account).some((each) => aftermathOf(each, read.now, read.earlier))) return;
  await withRedemptionLock({ ...options, folder, signal: undefined, waitLimitMs }, (lock) => {
    lock.verify();
    recordAftermath(journal, own(journal, read.account), read, nowMs());
    return Promise.resolve();
  });
}

function own(journal: RedemptionJournal, account: RedemptionAccount): Redemption[] {
  return journal.read().redemptions.filter((each) => isOwnAccount(each.account, account));
}

/** Records what a read says about these attempts. The caller must hold the lock. @throws RedemptionError as `change` */
function recordAftermath(
  journal: RedemptionJournal,
  attempts: readonly Redemption[],
  { now, earlier }: Omit<ReadOfAccount, 'account'>,
  nowMs: number,
): void {
  for (const attempt of attempts) {
    if (!aftermathOf(attempt, now, earlier)) continue;
    journal.change(attempt, (stored) => {
      const found = aftermathOf(stored, now, earlier);
      const state = found && nextState(stored.state, found.event);
      if (!found || state === undefined) return stored;
      return { ...stored, state, windows: found.windows, reversal: found.reversal, updatedAtMs: nowMs };
    });
  }
}

/** Does the same for a redemption that is about to begin. It needs no record of what earlier ones did. */
export function tryRecordAftermath(...given: Parameters<typeof recordAftermath>): void {
  try {
    recordAftermath(...given);
  } catch (error) {
    if (!(error instanceof RedemptionError)) throw error;
  }
}
