import type { RedemptionState } from '../../protocol/redemption-states.js';
import { neverAborted } from '../../util/never-aborted.js';
import type { Clock } from '../../util/clock.js';
import { pause } from '../../util/waiting.js';
import type { Call, OnRetry } from '../connection/call.js';
import type { ConsumeAccountRateLimitResetCreditOutcome } from '../protocol.js';
import { ConnectionError, RequestError } from '../connection/errors.js';
import { type ReadSignedInAccount, requireOwnAccount, type SignedInAccount } from './account.js';
import type { RedemptionTimes } from './elapsed.js';
import { RedemptionError } from '../record/error.js';
import type { Redemption } from '../record/redemption.js';
import type { RedemptionJournal } from './journal.js';
import type { RedemptionLock } from './lock.js';
import { claimOf, nextState, type RedemptionEvent } from '../record/state.js';
import { windowsUnmoved } from '../record/windows.js';
import { delayAfterMs } from '../connection/retry.js';

/** Sends attempts, and records each in the journal before and after its request. */
export interface Attempts {
  /**
   * Records a new attempt and sends it. Repeats it with its key while the outcome is unknown and the account is the
   * same.
   *
   * @throws RequestError, ConnectionError or RedemptionError `accountChanged`, `anotherIsOpen`, `lockLost` if certainly
   *   nothing was redeemed; RedemptionError `outcomeUnknown` or `journalUnavailable`; the signal's reason
   */
  begin(
    attempt: Pick<Redemption, 'key' | 'creditId' | 'ruleId' | 'windows' | 'availableCount'>,
    signedIn: SignedInAccount,
    options: AttemptOptions & { readonly ifSequence: number },
  ): Promise<Redemption>;
  /** Repeats an attempt that an earlier call has left open. @throws as `begin` does */
  repeat(open: Redemption, signedIn: SignedInAccount, options: AttemptOptions): Promise<Redemption>;
  /** Records an event of an attempt. @throws RedemptionError `journalUnavailable` */
  advance(redemption: Redemption, event: RedemptionEvent, reason?: string): Redemption;
}

export interface AttemptOptions {
  readonly maxRetries?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The states of an attempt that has ended without using a credit. */
const unusedStates: readonly RedemptionState[] = ['nothingToReset', 'noCredit', 'refused'];

const consume = 'account/rateLimitResetCredit/consume';

export function createAttempts(options: {
  journal: RedemptionJournal;
  lock: RedemptionLock;
  times: RedemptionTimes;
  call: Call;
  readAccount: ReadSignedInAccount;
  clock: Clock;
  random: () => number;
  maxRetries: number;
  onRetry: OnRetry;
  /** Whether the server itself compares the account of a consume with `expectedAccountId` and `expectedUserId`. */
  serverChecksAccount: boolean;
}): Attempts {
  const { journal, lock, times, call, clock, random, serverChecksAccount } = options;

  function advance(redemption: Redemption, event: RedemptionEvent, reason?: string): Redemption {
    let next = redemption;
    try {
      return journal.change(redemption, (stored) => {
        next = afterEvent(stored, redemption, event, reason);
        return next;
      });
    } catch (cause) {
      if (!(cause instanceof RedemptionError)) throw cause;
      // The journal has an earlier state, with which the next call repeats the request with the same key.
      const message = `${cause.message}; the state of the redemption (${next.state}) is not recorded`;
      throw new RedemptionError(cause.kind, message, { redemption: next, cause });
    }
  }

  /** Returns the attempt after an event. If another process has ended it meanwhile, it stays as it is in the journal. */
  function afterEvent(
    stored: Redemption,
    { key, windows }: Redemption,
    event: RedemptionEvent,
    reason: string | undefined,
  ): Redemption {
    const state = nextState(stored.state, event);
    if (state === undefined) return stored;
    const nowMs = clock.nowMs();
    if (state === 'redeemed') times.note(key, 'redeemedAtMs');
    times.note(key, 'updatedAtMs');
    return {
      ...stored,
      state,
      updatedAtMs: nowMs,
      redeemedAtMs: state === 'redeemed' ? nowMs : stored.redeemedAtMs,
      windows: unusedStates.includes(state) ? windowsUnmoved(windows) : windows,
      abandonReason: reason ?? stored.abandonReason,
    };
  }

  /** Sends the consume. Returns its outcome. */
  async function sendOnce({ key, creditId, account }: Redemption, signal: AbortSignal): Promise<Outcome> {
    const params = {
      idempotencyKey: key,
      ...(creditId !== null && { creditId }),
      expectedAccountId: account.accountId,
      ...(account.userId !== null && { expectedUserId: account.userId }),
    };
    const { outcome } = await call(consume, params, { maxRetries: 0, signal });
    // After an outcome of a newer server it is unknown whether a credit was used.
    if (!outcomes.includes(outcome))
      throw new ConnectionError('badMessage', 'the server sent an unknown outcome');
    return outcome;
  }

  /** Reads the account. @throws RedemptionError if it is another one, whose credit a request would use */
  async function readOwnAccount(
    redemption: Redemption,
    signal: AbortSignal,
    maxRetries = 0,
  ): Promise<SignedInAccount> {
    const signedIn = await options.readAccount({ signal, maxRetries });
    requireOwnAccount(redemption.account, signedIn.account);
    return signedIn;
  }

  async function send(
    first: Redemption,
    signedIn: SignedInAccount,
    { maxRetries = options.maxRetries, signal = neverAborted }: AttemptOptions,
  ): Promise<Redemption> {
    let redemption = first;
    let { replaced } = signedIn;
    for (let retries = 0; ; retries += 1) {
      // Whether an error can mean that nothing was redeemed.
      let step: 'before' | 'sending' | 'after' = 'before';
      try {
        if (retries > 0) ({ replaced } = await readOwnAccount(redemption, signal));
        else if (!serverChecksAccount) await readOwnAccount(redemption, signal, maxRetries);
        lock.verify();
        step = 'sending';
        const outcome = await sendOnce(redemption, AbortSignal.any([signal, replaced]));
        step = 'after';
        // Another account may have signed in before the server sent it.
        if (!serverChecksAccount) await readOwnAccount(redemption, signal);
        return advance(redemption, outcome);
      } catch (error) {
        if (isJournalError(error)) throw error;
        const isRefused = step === 'before' || (step === 'sending' && isRefusal(error));
        redemption = advance(redemption, isRefused ? 'refusal' : 'unknownEnd');
        if (redemption.state === 'refused') throw refusalOf(redemption, error);
        // Another process has finished it.
        if (claimOf(redemption, 0) !== 'repeat') return redemption;
        if (signal.aborted) throw error;
        const isLast = retries >= maxRetries || error instanceof RedemptionError;
        const delayMs = isLast ? undefined : delayAfterMs(error, retries, random());
        if (delayMs === undefined) throw outcomeUnknown(redemption, error);
        options.onRetry({ method: consume, count: retries + 1, delayMs, error });
        await pause(clock, delayMs, signal);
      }
    }
  }

  return {
    async begin(attempt, signedIn, given) {
      const nowMs = clock.nowMs();
      const moments = { startedAtMs: nowMs, updatedAtMs: nowMs, redeemedAtMs: null };
      const { account } = signedIn;
      lock.verify();
      const redemption = journal.begin(
        { ...attempt, ...moments, account, state: 'sending', abandonReason: null, reversal: null },
        given.ifSequence,
      );
      times.note(redemption.key, 'startedAtMs');
      return send(redemption, signedIn, given);
    },
    async repeat(open, signedIn, given) {
      try {
        requireOwnAccount(open.account, signedIn.account);
      } catch (cause) {
        throw outcomeUnknown(open, cause);
      }
      const repeated = advance(open, 'unknownEnd');
      return claimOf(repeated, 0) === 'repeat' ? send(repeated, signedIn, given) : repeated;
    },
    advance,
  };
}

type Outcome = ConsumeAccountRateLimitResetCreditOutcome;

const outcomes: readonly Outcome[] = ['reset', 'nothingToReset', 'noCredit', 'alreadyRedeemed'];

/** Codes of a server that sends no `outcomeKnown`. They mean that it has not begun the request. */
const refusalCodes = [-32700, -32600, -32601, -32602, -32001];

const unsentKinds = [
  'serverNotFound',
  'serverNotExecutable',
  'serverNotStarted',
  'tooManyFailedStarts',
  'unsupportedServer',
  'closed',
];

/** Decides whether this request has certainly redeemed nothing. */
function isRefusal(error: unknown): boolean {
  if (error instanceof ConnectionError) return unsentKinds.includes(error.kind);
  if (!(error instanceof RequestError)) return false;
  return error.details.outcomeKnown ?? refusalCodes.includes(error.code);
}

/**
 * Returns whether the journal has failed. It says less than what is known then: the error has it, and nothing can be
 * recorded.
 */
function isJournalError(error: unknown): boolean {
  return error instanceof RedemptionError && error.kind.startsWith('journal');
}

/** Returns the error of a request that was refused. The server's own check of the account is an error of ours. */
function refusalOf(redemption: Redemption, error: unknown): unknown {
  if (!(error instanceof RequestError) || error.kind !== 'accountChanged') return error;
  return new RedemptionError('accountChanged', 'another account is signed in now', {
    redemption,
    cause: error,
  });
}

/** Returns the error of a call that leaves open whether an attempt has used a credit. */
export function outcomeUnknown(redemption: Redemption, cause: unknown): RedemptionError {
  const reason = cause instanceof Error ? cause.message : 'unknown reason';
  const message = `a credit may have been used: ${reason}`;
  return new RedemptionError('outcomeUnknown', message, { redemption, cause });
}
