import { neverAborted } from '../../util/never-aborted.js';
import type { Clock } from '../../util/clock.js';
import { untilAborted } from '../../util/waiting.js';
import type { Call, OnRetry } from '../connection/call.js';
import type { Redemption } from './redemption.js';
import type { RedeemOptions, RedeemResult, ResumeOptions } from './options.js';
import { createAccountReader, type SignedInAccount, isSameAccount } from './account.js';
import { type Attempts, createAttempts } from './attempt.js';
import { requireAvailable, requireFreshRead, requireSameAccount, requireSameCredit } from './checks.js';
import { RedemptionError } from './error.js';
import { listRedemptions, openJournal } from './journal.js';
import { withRedemptionLock } from './lock.js';
import { type Claim, claimOf } from './state.js';
import { type ReadBasis, createVerifier, type Verifier } from './verify.js';
import type { OpenConnection } from '../connection/server-link.js';
import { windowsBefore } from './windows.js';

export interface Redeemer {
  redeem(options: RedeemOptions): Promise<RedeemResult>;
  /** Continues the attempt that an earlier call left open; null if there is none. */
  resume(options: ResumeOptions): Promise<RedeemResult | null>;
  list(): Promise<Redemption[]>;
}

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
  /** The PATH in which `flock` or `lockf` is searched. */
  readonly searchPath: string | undefined;
  readonly maxRetries: number;
  readonly onRetry: OnRetry;
}

/** The context of a call that holds the lock. */
interface RedemptionContext {
  readonly attempts: Attempts;
  readonly verifier: Verifier;
  readonly signedIn: SignedInAccount;
  /** Lists the attempts of this account, the oldest first; with `claim`, only those that have it now. */
  readonly ownAttempts: (claim?: Claim) => Redemption[];
}

/** Creates the functions that redeem credits as "Safe redemption" in src/client/README.md describes. */
export function createRedeemer(options: RedeemerOptions): Redeemer {
  const { clock } = options;
  const readAccount = createAccountReader(options);
  const nowMs = (): number => clock.nowMs();

  async function ownHome(signal = neverAborted): Promise<string> {
    const { server } = await untilAborted(options.open(), signal);
    return server.codexHome;
  }

  async function withLock<T>(
    { signal }: ResumeOptions,
    work: (context: RedemptionContext) => Promise<T>,
  ): Promise<T> {
    signal?.throwIfAborted();
    const codexHome = await ownHome(signal);
    return withRedemptionLock({ ...options, codexHome, signal }, async () => {
      const journal = openJournal({ ...options, codexHome, nowMs });
      // An unreadable journal fails the call before any request.
      journal.read();
      const attempts = createAttempts({ ...options, journal, readAccount });
      const verifier = createVerifier({ ...options, attempts });
      const signedIn = await readAccount({ signal });
      const ownAttempts = (claim?: Claim): Redemption[] =>
        journal
          .read()
          .filter((each) => isSameAccount(each.account, signedIn.account))
          .filter((each) => claim === undefined || claimOf(each, nowMs()) === claim);
      return work({ attempts, verifier, signedIn, ownAttempts });
    });
  }

  async function continueAttempt(
    { attempts, verifier, signedIn }: RedemptionContext,
    open: Redemption,
    given: ResumeOptions,
  ): Promise<RedeemResult> {
    const isUnclear = claimOf(open, nowMs()) === 'repeat';
    const redemption = isUnclear ? await attempts.repeat(open, signedIn, given) : open;
    return { ...(await verifier.verify(redemption, given)), isRepeated: true };
  }

  /** @throws RedemptionError `pending` if windows of an earlier redemption may still be reset */
  function requireSettled({ ownAttempts, verifier, signedIn }: RedemptionContext): void {
    for (const waiting of ownAttempts('wait')) {
      const now = verifier.checkWindows(waiting, signedIn.limits);
      if (claimOf(now, nowMs()) !== 'wait') continue;
      const message = 'the windows of the last redemption may still move';
      throw new RedemptionError('pending', message, { redemption: now });
    }
  }

  async function startAttempt(context: RedemptionContext, given: RedeemOptions): Promise<RedeemResult> {
    const { signedIn, attempts, verifier } = context;
    given.signal?.throwIfAborted();
    const creditId = given.creditId ?? null;
    const windows = windowsBefore(signedIn.limits.rateLimits);
    const redemption = await attempts.begin({ key: options.newKey(), creditId, windows }, signedIn, given);
    return { ...(await verifier.verify(redemption, given)), isRepeated: false };
  }

  return {
    async redeem(given) {
      const basedOn = given.basedOn ?? options.lastRead();
      const readAtMs = basedOn?.readAtMs ?? nowMs();
      return withLock(given, async (context) => {
        const { signedIn, ownAttempts } = context;
        requireSameAccount(signedIn.account, basedOn);
        const open = ownAttempts('repeat')[0] ?? ownAttempts('finish')[0];
        if (open) {
          requireSameCredit(open, given.creditId);
          return continueAttempt(context, open, given);
        }
        if (!given.force) requireSettled(context);
        requireFreshRead(ownAttempts(), readAtMs);
        requireAvailable(signedIn.limits, given.creditId);
        return startAttempt(context, given);
      });
    },
    resume: (given) =>
      withLock(given, async (context) => {
        const open =
          context.ownAttempts('repeat')[0] ??
          context.ownAttempts('finish')[0] ??
          context.ownAttempts('wait').at(-1);
        return open ? continueAttempt(context, open, given) : null;
      }),
    list: async () => listRedemptions(await ownHome(), nowMs()),
  };
}
