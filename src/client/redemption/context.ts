import { neverAborted } from '../../util/never-aborted.js';
import type { Clock } from '../../util/clock.js';
import { accountFolder } from '../../util/files/account-folder.js';
import { untilAborted } from '../../util/waiting.js';
import type { Call, OnRetry } from '../connection/call.js';
import type { OpenConnection } from '../connection/server-link.js';
import {
  createAccountReader,
  isSameAccount,
  type ReadSignedInAccount,
  type SignedInAccount,
} from './account.js';
import { type Attempts, createAttempts } from './attempt.js';
import { createRedemptionTimes, type RedemptionTimes } from './elapsed.js';
import { openJournal, type RedemptionJournal } from './journal.js';
import { type RedemptionLock, withRedemptionLock } from './lock.js';
import { tryRecordAftermath } from './observe.js';
import type { ReadBasis } from './read-basis.js';
import type { RedemptionConsent } from '../record/consent.js';
import type { Redemption } from '../record/redemption.js';
import { type Claim, claimOf } from '../record/state.js';
import { createVerifier, type Verifier } from './verify.js';

export interface RedeemerOptions {
  readonly call: Call;
  readonly open: () => Promise<OpenConnection>;
  /** The last read of the limits by the caller. */
  readonly lastRead: () => ReadBasis | undefined;
  readonly onRead: (read: ReadBasis) => void;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly newKey: () => string;
  /** The PATH in which `flock` is searched on Linux. */
  readonly searchPath: string | undefined;
  /** The folder of this package's server, if a bundler has moved the library: the locks of Windows are beside it. */
  readonly serverFolder?: string | undefined;
  readonly maxRetries: number;
  readonly onRetry: OnRetry;
  readonly permit?: Permit | undefined;
  /** Whether it is the server of this package: it names the user of a read, and checks the account of a consume. */
  readonly isOwnServer: boolean;
}

/** An attempt that is about to be recorded, or to be sent again. */
export interface PlannedAttempt {
  readonly signedIn: SignedInAccount;
  readonly creditId: string | null;
  /** The attempt to send again; undefined for a new one. */
  readonly open: Redemption | undefined;
  /** The attempts of the account. */
  readonly redemptions: readonly Redemption[];
  readonly consents: readonly RedemptionConsent[];
  /** Returns the time for an attempt, which a change of the system's time does not affect. */
  readonly nowMsFor: (redemption: Redemption) => number;
}

/**
 * Called while the lock is held, directly before an attempt is recorded or sent again. Returns the id of the consent that
 * permits it, or null.
 *
 * @throws an error with which the call ends before anything is sent
 */
export type Permit = (planned: PlannedAttempt) => number | null;

/** The context of a call that holds the lock. */
export interface RedemptionContext {
  readonly attempts: Attempts;
  readonly verifier: Verifier;
  readonly lock: RedemptionLock;
  readonly journal: RedemptionJournal;
  readonly signedIn: SignedInAccount;
  /** Returns what an attempt means now for the next redemption. */
  readonly claimNow: (redemption: Redemption) => Claim;
  readonly readAccount: ReadSignedInAccount;
  readonly times: RedemptionTimes;
  /** Lists the attempts of this account, the oldest first; with `claim`, only those that have it now. */
  readonly ownAttempts: (claim?: Claim) => Redemption[];
}

export interface RedemptionContexts {
  /** Resolves with the CODEX_HOME of the server. */
  home(signal: AbortSignal | undefined): Promise<string>;
  /**
   * Reads the journal and the account, and runs `work`, while no other process redeems with this login.
   *
   * @throws RedemptionError `anotherIsOpen`, `lockUnavailable`, `journal…`, `accountUnknown`; the signal's reason
   */
  hold<T>(
    signal: AbortSignal | undefined,
    codexHome: string,
    work: (context: RedemptionContext) => Promise<T>,
  ): Promise<T>;
}

export function createRedemptionContexts(options: RedeemerOptions): RedemptionContexts {
  const { clock } = options;
  const readAccount = createAccountReader({ ...options, serverNamesUser: options.isOwnServer });
  const times = createRedemptionTimes(clock);
  const nowMs = (): number => clock.nowMs();
  const claimNow = (each: Redemption): Claim => claimOf(each, times.nowMsFor(each, 'redeemedAtMs'));
  return {
    async home(signal = neverAborted) {
      const { server } = await untilAborted(options.open(), signal);
      return server.codexHome;
    },
    hold(signal, codexHome, work) {
      // Lock and journal are in one folder, even if a link changes meanwhile.
      const folder = accountFolder(codexHome);
      return withRedemptionLock({ ...options, folder, signal }, async (lock) => {
        const journal = openJournal({ ...options, codexHome, folder, nowMs });
        // An unreadable journal fails the call before any request.
        journal.adopt();
        journal.correctTimes();
        const attempts = createAttempts({
          ...options,
          serverChecksAccount: options.isOwnServer,
          times,
          journal,
          lock,
          readAccount,
        });
        const verifier = createVerifier({ ...options, times, attempts });
        const readAtMs = nowMs();
        const signedIn = await readAccount({ signal });
        const ownAttempts = (claim?: Claim): Redemption[] =>
          journal
            .read()
            .redemptions.filter((each) => isSameAccount(each.account, signedIn.account))
            .filter((each) => claim === undefined || claimNow(each) === claim);
        const now = { limit: signedIn.limits.rateLimits, readAtMs };
        tryRecordAftermath(journal, ownAttempts('none'), { now, earlier: undefined }, nowMs());
        return work({
          attempts,
          verifier,
          lock,
          journal,
          signedIn,
          readAccount,
          times,
          ownAttempts,
          claimNow,
        });
      });
    },
  };
}
