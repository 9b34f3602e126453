import type { Clock } from '../util/clock.js';
import { untilAborted } from '../util/waiting.js';
import type { Call, OnRetry } from './call.js';
import type { Redemption } from './redemption.js';
import type { RedeemOptions, RedeemResult, ResumeOptions } from './redeem-options.js';
import { createIdentify, type Identity, isSameAccount } from './redemption-account.js';
import { type Attempts, createAttempts } from './redemption-attempt.js';
import {
  requireAvailable,
  requireFreshRead,
  requireSameAccount,
  requireSameCredit,
} from './redemption-checks.js';
import { RedemptionError } from './redemption-error.js';
import { listRedemptions, openJournal } from './redemption-journal.js';
import { withRedemptionLock } from './redemption-lock.js';
import { type Claim, claimOf } from './redemption-state.js';
import { type BasedOn, createVerifier, type Verifier } from './redemption-verify.js';
import type { OpenConnection } from './server-link.js';
import { windowsBefore } from './redemption-windows.js';

export interface Redeemer {
  redeem(options: RedeemOptions): Promise<RedeemResult>;
  /** Goes on with what an earlier call has left open; null where there is nothing. */
  resume(options: ResumeOptions): Promise<RedeemResult | null>;
  list(): Promise<Redemption[]>;
}

export interface RedeemerOptions {
  readonly call: Call;
  readonly open: () => Promise<OpenConnection>;
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
  readonly identity: Identity;
  /** The attempts of this account that claim this now, the oldest first; all of them unless given. */
  readonly own: (claim?: Claim) => Redemption[];
}

const never = new AbortController().signal;

/** Redeems credits so that no wish uses two of them; the README tells how. */
export function createRedeemer(options: RedeemerOptions): Redeemer {
  const { clock } = options;
  const identify = createIdentify(options);
  const nowMs = (): number => clock.nowMs();

  async function ownHome(signal = never): Promise<string> {
    const { server } = await untilAborted(options.open(), signal);
    return server.codexHome;
  }

  async function withBench<T>({ signal }: ResumeOptions, work: (bench: Bench) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    const codexHome = await ownHome(signal);
    return withRedemptionLock({ ...options, codexHome, signal }, async () => {
      const journal = openJournal({ ...options, codexHome, nowMs });
      // One that cannot be read is found before anything else.
      journal.read();
      const attempts = createAttempts({ ...options, journal, identify });
      const verifier = createVerifier({ ...options, attempts });
      const identity = await identify({ signal });
      const own = (claim?: Claim): Redemption[] =>
        journal
          .read()
          .filter((each) => isSameAccount(each.account, identity.account))
          .filter((each) => claim === undefined || claimOf(each, nowMs()) === claim);
      return work({ attempts, verifier, identity, own });
    });
  }

  async function carriedOn(
    { attempts, verifier, identity }: Bench,
    open: Redemption,
    given: ResumeOptions,
  ): Promise<RedeemResult> {
    const isUnclear = claimOf(open, nowMs()) === 'repeat';
    const redemption = isUnclear ? await attempts.repeat(open, identity, given) : open;
    return { ...(await verifier.verify(redemption, given)), isRepeated: true };
  }

  /** @throws RedemptionError `pending` where windows of an earlier redemption may still move */
  function requireSettled({ own, verifier, identity }: Bench): void {
    for (const waiting of own('wait')) {
      const now = verifier.look(waiting, identity.limits);
      if (claimOf(now, nowMs()) !== 'wait') continue;
      const message = 'the windows of the last redemption may still move';
      throw new RedemptionError('pending', message, { redemption: now });
    }
  }

  async function begun(bench: Bench, given: RedeemOptions): Promise<RedeemResult> {
    const { identity, attempts, verifier } = bench;
    given.signal?.throwIfAborted();
    const creditId = given.creditId ?? null;
    const windows = windowsBefore(identity.limits.rateLimits);
    const redemption = await attempts.begin({ key: options.newKey(), creditId, windows }, identity, given);
    return { ...(await verifier.verify(redemption, given)), isRepeated: false };
  }

  return {
    async redeem(given) {
      const basedOn = given.basedOn ?? options.lastRead();
      const readAtMs = basedOn?.readAtMs ?? nowMs();
      return withBench(given, async (bench) => {
        const { identity, own } = bench;
        requireSameAccount(identity.account, basedOn);
        const open = own('repeat')[0] ?? own('finish')[0];
        if (open) {
          requireSameCredit(open, given.creditId);
          return carriedOn(bench, open, given);
        }
        if (!given.force) requireSettled(bench);
        requireFreshRead(own(), readAtMs);
        requireAvailable(identity.limits, given.creditId);
        return begun(bench, given);
      });
    },
    resume: (given) =>
      withBench(given, async (bench) => {
        const open = bench.own('repeat')[0] ?? bench.own('finish')[0] ?? bench.own('wait').at(-1);
        return open ? carriedOn(bench, open, given) : null;
      }),
    list: async () => listRedemptions(await ownHome(), nowMs()),
  };
}
