import type { Clock } from '../util/clock.js';
import type { Call, OnRetry } from './call.js';
import type { GetAccountRateLimitsResponse } from './protocol.js';
import type { Redemption, RedemptionAccount } from './redemption.js';
import type { RedeemOptions, RedeemResult, ResumeOptions } from './redeem-options.js';
import { isSameAccount, readAccount } from './redemption-account.js';
import { type Attempts, createAttempts } from './redemption-attempt.js';
import {
  requireAvailable,
  requireFreshRead,
  requireSameAccount,
  requireSameCredit,
} from './redemption-checks.js';
import { RedemptionError } from './redemption-error.js';
import { openJournal } from './redemption-journal.js';
import { withRedemptionLock } from './redemption-lock.js';
import { type Claim, claimOf } from './redemption-state.js';
import { type BasedOn, createVerifier, type Verifier } from './redemption-verify.js';
import { windowsAfter, windowsBefore } from './redemption-windows.js';

export interface Redeemer {
  redeem(options: RedeemOptions): Promise<RedeemResult>;
  /** Goes on with what an earlier call has left open; null where there is nothing. */
  resume(options: ResumeOptions): Promise<RedeemResult | null>;
  list(): Promise<Redemption[]>;
}

export interface RedeemerOptions {
  readonly call: Call;
  readonly codexHome: () => Promise<string>;
  /** The last look at the limits that the caller has had. */
  readonly lastRead: () => BasedOn | undefined;
  readonly onRead: (read: BasedOn) => void;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly newKey: () => string;
  /** PATH: where `flock` or `lockf` is looked for. */
  readonly searchPath: string | undefined;
  readonly maxRetries: number;
  readonly onRetry: OnRetry;
}

/** What a call works with once no other process redeems. */
interface Bench {
  readonly attempts: Attempts;
  readonly verifier: Verifier;
  readonly account: RedemptionAccount;
  readonly limits: GetAccountRateLimitsResponse;
  /** The attempts of this account that claim this now, the oldest first; all of them unless given. */
  readonly own: (claim?: Claim) => Redemption[];
}

/** Redeems credits so that no wish uses two of them; the README tells how. */
export function createRedeemer(options: RedeemerOptions): Redeemer {
  const { clock } = options;
  const nowMs = (): number => clock.nowMs();
  const openOwnJournal = (codexHome: string): ReturnType<typeof openJournal> =>
    openJournal({ ...options, codexHome, nowMs });

  async function withBench<T>({ signal }: ResumeOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const codexHome = await options.codexHome();
    return withRedemptionLock({ ...options, codexHome, signal }, async () => {
      const journal = openOwnJournal(codexHome);
      // One that cannot be read is found before anything else.
      journal.read();
      const attempts = createAttempts({ ...options, journal });
      const verifier = createVerifier({ ...options, attempts });
      const limits = await options.call('account/rateLimits/read', {}, { signal });
      const account = await readAccount(options.call, limits, signal);
      const own = (claim?: Claim): Redemption[] =>
        journal
          .read()
          .filter((each) => isSameAccount(each.account, account))
          .filter((each) => claim === undefined || claimOf(each, nowMs()) === claim);
      return work({ attempts, verifier, account, limits, own });
    });
  }

  async function carriedOn(
    { attempts, verifier }: Bench,
    open: Redemption,
    given: ResumeOptions,
  ): Promise<RedeemResult> {
    const isUnclear = claimOf(open, nowMs()) === 'repeat';
    const redemption = isUnclear ? await attempts.repeat(open, given) : open;
    return { ...(await verifier.verify(redemption, given)), isRepeated: true };
  }

  /** @throws RedemptionError `pending` where windows of an earlier redemption may still move */
  function requireSettled({ own, verifier, limits }: Bench): void {
    for (const waiting of own('wait')) {
      const now = verifier.look(waiting, limits);
      if (claimOf(now, nowMs()) !== 'wait') continue;
      const message = 'the windows of the last redemption may still move';
      throw new RedemptionError('pending', message, { redemption: now });
    }
  }

  async function begun(bench: Bench, given: RedeemOptions): Promise<RedeemResult> {
    const { account, limits, attempts, verifier } = bench;
    given.signal?.throwIfAborted();
    const creditId = given.creditId ?? null;
    const windows = windowsBefore(limits.rateLimits);
    const redemption = await attempts.begin({ key: options.newKey(), account, creditId, windows }, given);
    return { ...(await verifier.verify(redemption, given)), isRepeated: false };
  }

  return {
    async redeem(given) {
      const basedOn = given.basedOn ?? options.lastRead();
      const readAtMs = basedOn?.readAtMs ?? nowMs();
      return withBench(given, async (bench) => {
        const { account, limits, own } = bench;
        requireSameAccount(account, basedOn);
        const open = own('repeat')[0] ?? own('finish')[0];
        if (open) {
          requireSameCredit(open, given.creditId);
          return carriedOn(bench, open, given);
        }
        if (!given.force) requireSettled(bench);
        requireFreshRead(own(), readAtMs);
        requireAvailable(limits, given.creditId);
        return begun(bench, given);
      });
    },
    resume: (given) =>
      withBench(given, async (bench) => {
        const open = bench.own('repeat')[0] ?? bench.own('finish')[0] ?? bench.own('wait').at(-1);
        return open ? carriedOn(bench, open, given) : null;
      }),
    async list() {
      const all = openOwnJournal(await options.codexHome()).read();
      return all.map((each) => ({ ...each, windows: windowsAfter(each, null, nowMs()) }));
    },
  };
}
