import { accountFolder } from '../../util/files/account-folder.js';
import { findConsent, type RedemptionConsent } from '../record/consent.js';
import { openJournal, type RedemptionJournal } from './journal.js';
import { type RedemptionLockOptions, withRedemptionLock } from './lock.js';

export interface ConsentOptions extends Omit<RedemptionLockOptions, 'folder' | 'waitLimitMs'> {
  readonly codexHome: string;
  readonly random: () => number;
}

/** A redemption that is under way takes at most about a minute. */
const waitLimitMs = 60_000;

const mostConsents = 50;

/**
 * Records a consent. Returns it with its id.
 *
 * @throws RedemptionError `journal…`, `anotherIsOpen`, `lockUnavailable`, `lockLost`; the signal's reason
 */
export async function giveConsent(
  options: ConsentOptions,
  given: Pick<RedemptionConsent, 'account' | 'rule' | 'source'>,
): Promise<RedemptionConsent> {
  let result: RedemptionConsent | undefined;
  await withJournal(options, (journal) => {
    result = findConsent(journal.read().consents, given.rule, given.account);
    // Another process has recorded it meanwhile.
    if (result?.revokedAtMs === null) return;
    journal.changeConsents((before) => {
      const id = 1 + Math.max(0, ...before.map((each) => each.id));
      result = { id, ...given, givenAtMs: options.clock.nowMs(), revokedAtMs: null };
      return [...newest(before), result];
    });
  });
  if (!result) throw new Error('the journal was not changed');
  return result;
}

/**
 * Revokes the consents in force with this id, or all of them. Once it has resolved, none of them redeems anything.
 *
 * @returns those that were revoked
 * @throws as `giveConsent` does
 */
export async function revokeConsents(
  options: ConsentOptions,
  which: number | 'all',
): Promise<readonly RedemptionConsent[]> {
  let revoked: readonly RedemptionConsent[] = [];
  const isMeant = (each: RedemptionConsent): boolean =>
    each.revokedAtMs === null && (which === 'all' || each.id === which);
  await withJournal(options, (journal) => {
    if (!journal.read().consents.some(isMeant)) return;
    const revokedAtMs = options.clock.nowMs();
    journal.changeConsents((before) => {
      const after = before.map((each) => (isMeant(each) ? { ...each, revokedAtMs } : each));
      revoked = after.filter((_, index) => before[index] !== after[index]);
      return after;
    });
  });
  return revoked;
}

async function withJournal(
  options: ConsentOptions,
  change: (journal: RedemptionJournal) => void,
): Promise<void> {
  const { codexHome, clock, random } = options;
  const folder = accountFolder(codexHome);
  await withRedemptionLock({ ...options, folder, waitLimitMs }, (lock) => {
    lock.verify();
    change(openJournal({ codexHome, folder, nowMs: () => clock.nowMs(), random }));
    return Promise.resolve();
  });
}

/** Leaves out old consents that were revoked. */
function newest(consents: readonly RedemptionConsent[]): RedemptionConsent[] {
  const oldest = consents.length - mostConsents;
  return consents.filter(({ revokedAtMs }, place) => revokedAtMs === null || place > oldest);
}
