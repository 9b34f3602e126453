import { AccountServerError, isAccountServerError } from '../error.js';
import type { Redemption } from './redemption.js';

/**
 * The reasons why no redemption was made, or why its outcome is unknown.
 *
 * Nothing was sent:
 * - `anotherIsOpen`: another process is redeeming, or an attempt for another credit is unfinished
 * - `pending`: windows of the last redemption may still move, for up to four hours
 * - `accountChanged`: another account is signed in than at the read that the redemption is based on, or than a moment
 *   before
 * - `accountUnknown`: the server does not say which account is signed in, or not which user, and an attempt names one
 * - `staleRead`: there was another attempt since that read
 * - `creditUnavailable`: the credit is listed, but not as available
 * - `creditInvalid`: no server can take this `creditId`
 * - `journalInvalid`: the journal is broken
 * - `journalNewer`: a newer version of this package wrote the journal
 * - `lockUnavailable`: `flock` (Linux) or `locks-win32-….node` (Windows) is missing, or a drive has no locks
 * - `lockLost`: the lock file was removed or replaced, so that another process may redeem now
 * - `notAbandonable`: the open attempt cannot be given up yet
 *
 * Sent or not:
 * - `journalUnavailable`: the journal cannot be read or written; with a `redemption`, the request was sent
 * - `outcomeUnknown`: it was sent, and a credit may have been used; the next call repeats it with the same key
 */
export type RedemptionErrorKind =
  | 'anotherIsOpen'
  | 'pending'
  | 'accountChanged'
  | 'accountUnknown'
  | 'staleRead'
  | 'creditUnavailable'
  | 'creditInvalid'
  | 'journalInvalid'
  | 'journalNewer'
  | 'journalUnavailable'
  | 'lockUnavailable'
  | 'lockLost'
  | 'notAbandonable'
  | 'outcomeUnknown';

/** No redemption was made, or its outcome is unknown. */
export class RedemptionError extends AccountServerError {
  override readonly name = 'RedemptionError';
  readonly kind: RedemptionErrorKind;
  /**
   * True if the next call continues this attempt with its own key: with `outcomeUnknown`, and with `journalUnavailable`
   * after something was sent. Any other call might begin another redemption, which a program should not do unasked.
   */
  readonly isRetryable: boolean;
  /** That of the `cause`. */
  readonly retryAfterMs: number | undefined;
  /** The attempt that the error is about, or null. Not enumerable, so that a logged error does not show the key. */
  declare readonly redemption: Redemption | null;
  /** With `outcomeUnknown`: whether `abandonRedemption` can give the attempt up now. */
  readonly canAbandon: boolean;

  constructor(
    kind: RedemptionErrorKind,
    message: string,
    {
      redemption = null,
      canAbandon = false,
      cause,
    }: { redemption?: Redemption | null; canAbandon?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
    this.canAbandon = canAbandon;
    this.isRetryable = kind === 'outcomeUnknown' || (kind === 'journalUnavailable' && redemption !== null);
    this.retryAfterMs = isAccountServerError(cause) ? cause.retryAfterMs : undefined;
    Object.defineProperty(this, 'redemption', { value: redemption, enumerable: false });
  }
}

/**
 * Returns whether an error is a `RedemptionError` of any copy of this library.
 *
 * @example
 * await client.redeem().catch((error: unknown) => {
 *   if (!isRedemptionError(error)) throw error;
 *   console.log(`Not redeemed, or not known to be: ${error.kind}`);
 * });
 */
export function isRedemptionError(error: unknown): error is RedemptionError {
  return isAccountServerError(error) && error.name === 'RedemptionError';
}
