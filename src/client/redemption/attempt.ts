import type { RedemptionState } from '../../protocol/redemption-states.js';
import type { Clock } from '../../util/clock.js';
import { pause } from '../../util/waiting.js';
import type { Call, OnRetry } from '../connection/call.js';
import { ConnectionError, RequestError } from '../connection/errors.js';
import { type ReadSignedInAccount, type SignedInAccount, isSameAccount } from './account.js';
import { RedemptionError } from './error.js';
import type { Redemption } from './redemption.js';
import type { RedemptionJournal } from './journal.js';
import { nextState, type RedemptionEvent } from './state.js';
import { windowsUnmoved } from './windows.js';
import { backOffMs } from '../connection/retry.js';

/** Requests of attempts, each with its place in the journal before and after. */
export interface Attempts {
  /**
   * Writes a new attempt down and sends it, again with its key as long as the outcome is not known and the account is
   * the same.
   *
   * @throws RequestError or ConnectionError where certainly nothing was redeemed; RedemptionError `outcomeUnknown`,
   *   `journalUnavailable`; the signal's reason
   */
  begin(
    attempt: Pick<Redemption, 'key' | 'creditId' | 'windows'>,
    signedIn: SignedInAccount,
    options: AttemptOptions,
  ): Promise<Redemption>;
  /** Sends an attempt again that an earlier call has left open. @throws the same */
  repeat(open: Redemption, signedIn: SignedInAccount, options: AttemptOptions): Promise<Redemption>;
  /** Writes down what has happened to an attempt. @throws RedemptionError `journalUnavailable` */
  advance(redemption: Redemption, event: RedemptionEvent): Redemption;
}

export interface AttemptOptions {
  readonly maxRetries?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The attempt is over, and has used no credit. */
const unused: readonly RedemptionState[] = ['nothingToReset', 'noCredit', 'refused'];

const consume = 'account/rateLimitResetCredit/consume';
const never = new AbortController().signal;

export function createAttempts(options: {
  journal: RedemptionJournal;
  call: Call;
  readAccount: ReadSignedInAccount;
  clock: Clock;
  random: () => number;
  maxRetries: number;
  onRetry: OnRetry;
}): Attempts {
  const { journal, call, clock, random } = options;

  function advance(redemption: Redemption, event: RedemptionEvent): Redemption {
    const state = nextState(redemption.state, event);
    if (state === undefined) throw new Error(`${event} cannot come after ${redemption.state}`);
    const nowMs = clock.nowMs();
    const next = {
      ...redemption,
      state,
      updatedAtMs: nowMs,
      redeemedAtMs: state === 'redeemed' ? nowMs : redemption.redeemedAtMs,
      windows: unused.includes(state) ? windowsUnmoved(redemption.windows) : redemption.windows,
    };
    try {
      journal.save(next);
    } catch (cause) {
      if (!(cause instanceof RedemptionError)) throw cause;
      // What the journal says is older, and leads to a repetition with the same key.
      const message = `${cause.message}; what became of the redemption (${state}) is not recorded`;
      throw new RedemptionError(cause.kind, message, { redemption: next, cause });
    }
    return next;
  }

  async function sendOnce(redemption: Redemption, signal: AbortSignal): Promise<Redemption> {
    const { key, creditId } = redemption;
    const params = { idempotencyKey: key, ...(creditId !== null && { creditId }) };
    const { outcome } = await call(consume, params, { maxRetries: 0, signal });
    // A server may know outcomes that we do not: then nobody knows.
    if (!outcomes.includes(outcome)) throw new ConnectionError('badMessage', 'the outcome is not known here');
    return advance(redemption, outcome);
  }

  /** Who is signed in by now. @throws RedemptionError where that is somebody else, whose credit this would use */
  async function sameAccount(redemption: Redemption, signal: AbortSignal): Promise<SignedInAccount> {
    const signedIn = await options.readAccount({ signal, maxRetries: 0 });
    if (isSameAccount(signedIn.account, redemption.account)) return signedIn;
    const cause = new RedemptionError('accountChanged', 'another account is signed in than before');
    throw outcomeUnknown(redemption, cause);
  }

  async function send(
    first: Redemption,
    signedIn: SignedInAccount,
    { maxRetries = options.maxRetries, signal = never }: AttemptOptions,
  ): Promise<Redemption> {
    let redemption = first;
    let { replaced } = signedIn;
    for (let retries = 0; ; retries += 1) {
      try {
        if (retries > 0) ({ replaced } = await sameAccount(redemption, signal));
        return await sendOnce(redemption, AbortSignal.any([signal, replaced]));
      } catch (error) {
        if (error instanceof RedemptionError) throw error;
        redemption = advance(redemption, isRefusal(error) ? 'refusal' : 'unknownEnd');
        if (redemption.state === 'refused' || signal.aborted) throw error;
        if (retries >= maxRetries) throw outcomeUnknown(redemption, error);
        const delayMs = backOffMs(retries, random());
        options.onRetry({ method: consume, count: retries + 1, delayMs, error });
        await pause(clock, delayMs, signal);
      }
    }
  }

  return {
    begin(attempt, signedIn, given) {
      const nowMs = clock.nowMs();
      const times = { startedAtMs: nowMs, updatedAtMs: nowMs, redeemedAtMs: null };
      const redemption: Redemption = { ...attempt, account: signedIn.account, state: 'sending', ...times };
      journal.save(redemption);
      return send(redemption, signedIn, given);
    },
    repeat: (open, signedIn, given) =>
      send(open.state === 'sending' ? advance(open, 'unknownEnd') : open, signedIn, given),
    advance,
  };
}

const outcomes = ['reset', 'nothingToReset', 'noCredit', 'alreadyRedeemed'];

/** Codes that say of a server which tells no `outcomeKnown` that it has not begun the request. */
const refusalCodes = [-32700, -32600, -32601, -32602, -32001];

const unsentKinds = [
  'serverNotFound',
  'serverNotExecutable',
  'serverNotStarted',
  'unsupportedServer',
  'closed',
];

/** Whether this request has certainly redeemed nothing. */
function isRefusal(error: unknown): boolean {
  if (error instanceof ConnectionError) return unsentKinds.includes(error.kind);
  if (!(error instanceof RequestError)) return false;
  return error.details.outcomeKnown ?? refusalCodes.includes(error.code);
}

function outcomeUnknown(redemption: Redemption, cause: unknown): RedemptionError {
  const reason = cause instanceof Error ? cause.message : 'unknown reason';
  const message = `a credit may have been used: ${reason}`;
  return new RedemptionError('outcomeUnknown', message, { redemption, cause });
}
