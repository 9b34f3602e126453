import type { AbandonOptions, RedeemOptions, RedeemResult, ResumeOptions } from './options.js';
import { abandonAttempt, abandonProblem, requireReason } from './abandon.js';
import { isOwnAccount } from './account.js';
import {
  requireAvailable,
  requireFreshRead,
  requireSameAccount,
  requireSameCredit,
  requireSendable,
} from './checks.js';
import { createRedemptionContexts, type RedeemerOptions, type RedemptionContext } from './context.js';
import { ConnectionError, RequestError } from '../connection/errors.js';
import { outcomeUnknown } from './attempt.js';
import { claimOf } from '../record/state.js';
import { RedemptionError } from '../record/error.js';
import { journalSequence, listRedemptions } from './journal.js';
import type { ReadBasis } from './read-basis.js';
import type { Redemption } from '../record/redemption.js';
import { windowsBefore } from '../record/windows.js';

export interface Redeemer {
  redeem(options: RedeemOptions): Promise<RedeemResult>;
  /** Continues the attempt that an earlier call left open; null if there is none. */
  resume(options: ResumeOptions): Promise<RedeemResult | null>;
  /** Gives up the attempt whose outcome is unknown; null if there is none. */
  abandon(options: AbandonOptions): Promise<RedeemResult | null>;
  list(): Promise<Redemption[]>;
}

/** Creates the functions that redeem credits as "Safe redemption" in src/client/README.md describes. */
export function createRedeemer(options: RedeemerOptions): Redeemer {
  const { clock } = options;
  const contexts = createRedemptionContexts(options);
  const nowMs = (): number => clock.nowMs();

  async function continueAttempt(
    context: RedemptionContext,
    open: Redemption,
    given: ResumeOptions,
  ): Promise<RedeemResult> {
    const { attempts, verifier, signedIn } = context;
    const isUnclear = context.claimNow(open) === 'repeat';
    if (isUnclear) permit(context, open.creditId, open);
    const redemption = isUnclear
      ? await attempts.repeat(open, signedIn, given).catch((error: unknown) => {
          throw withCanAbandon(error, context);
        })
      : open;
    return { ...(await verifier.verify(redemption, given)), isRepeated: true };
  }

  function permit(context: RedemptionContext, creditId: string | null, open?: Redemption): number | null {
    if (!options.permit) return null;
    const { signedIn, ownAttempts, journal, times } = context;
    return options.permit({
      signedIn,
      creditId,
      open,
      redemptions: ownAttempts(),
      consents: journal.read().consents,
      nowMsFor: (each) => times.nowMsFor(each, 'startedAtMs'),
    });
  }

  /** Adds to an error whether the attempt can be given up. */
  function withCanAbandon(error: unknown, { signedIn, times }: RedemptionContext): unknown {
    if (!(error instanceof RedemptionError) || error.kind !== 'outcomeUnknown') return error;
    const { redemption, message, cause } = error;
    if (!redemption || !isOwnAccount(redemption.account, signedIn.account)) return error;
    const now = times.nowMsFor(redemption, 'startedAtMs');
    const canAbandon = abandonProblem(redemption, signedIn.limits, now) === undefined;
    return new RedemptionError('outcomeUnknown', message, { redemption, cause, canAbandon });
  }

  /** @throws RedemptionError `pending` if windows of an earlier redemption may still be reset */
  function requireSettled({ ownAttempts, verifier, signedIn, claimNow }: RedemptionContext): void {
    for (const waiting of ownAttempts('wait')) {
      const now = verifier.checkWindows(waiting, signedIn.limits);
      if (claimNow(now) !== 'wait') continue;
      const message = 'the windows of the last redemption may still move';
      throw new RedemptionError('pending', message, { redemption: now });
    }
  }

  async function startAttempt(
    context: RedemptionContext,
    given: RedeemOptions,
    ifSequence: number,
  ): Promise<RedeemResult> {
    const { signedIn, attempts, verifier } = context;
    given.signal?.throwIfAborted();
    const creditId = given.creditId ?? null;
    const attempt = {
      key: options.newKey(),
      creditId,
      ruleId: permit(context, creditId),
      windows: windowsBefore(signedIn.limits.rateLimits),
      availableCount: signedIn.limits.rateLimitResetCredits?.availableCount ?? null,
    };
    const redemption = await attempts.begin(attempt, signedIn, { ...given, ifSequence });
    return { ...(await verifier.verify(redemption, given)), isRepeated: false };
  }

  return {
    async redeem(given) {
      requireSendable(given.creditId);
      given.signal?.throwIfAborted();
      const basedOn = given.basedOn ?? options.lastRead();
      const codexHome = await contexts.home(given.signal);
      const seenSequence = basedOn ? sequenceSeen(basedOn) : journalSequence(codexHome);
      return contexts.hold(given.signal, codexHome, async (context) => {
        const { signedIn, ownAttempts, journal } = context;
        requireSameAccount(signedIn.account, basedOn);
        const open = ownAttempts('repeat')[0] ?? ownAttempts('finish')[0];
        if (open) {
          requireSameCredit(open, given.creditId);
          return continueAttempt(context, open, given);
        }
        if (!given.force) requireSettled(context);
        const { sequence } = journal.read();
        requireFreshRead(ownAttempts(), sequence, seenSequence);
        requireAvailable(signedIn.limits, given.creditId);
        return startAttempt(context, given, sequence);
      });
    },
    async resume(given) {
      given.signal?.throwIfAborted();
      const codexHome = await contexts.home(given.signal);
      const resumed = contexts.hold(given.signal, codexHome, async (context) => {
        const open =
          context.ownAttempts('repeat')[0] ??
          context.ownAttempts('finish')[0] ??
          context.ownAttempts('wait').at(-1);
        return open ? continueAttempt(context, open, given) : null;
      });
      return resumed.catch((error: unknown) => {
        throw isCallError(error) ? unresumed(error, listRedemptions(codexHome, nowMs())) : error;
      });
    },
    async abandon(given) {
      requireReason(given.reason);
      given.signal?.throwIfAborted();
      const codexHome = await contexts.home(given.signal);
      return contexts.hold(given.signal, codexHome, (context) => abandonAttempt(context, given, clock));
    },
    list: async () => listRedemptions(await contexts.home(undefined), nowMs()),
  };
}

/** Returns the error of a call that could not be resumed, because the account could not be read. */
function unresumed(error: RequestError | ConnectionError, redemptions: readonly Redemption[]): Error {
  const open = redemptions.findLast((each) => claimOf(each, 0) === 'repeat');
  return open ? outcomeUnknown(open, error) : error;
}

function isCallError(error: unknown): error is RequestError | ConnectionError {
  return error instanceof RequestError || error instanceof ConnectionError;
}

/** Returns the number that a read has seen. A basis that was saved by another version may have none. */
function sequenceSeen({ journalSequence: seen }: ReadBasis): number {
  return Number.isSafeInteger(seen) ? seen : 0;
}
