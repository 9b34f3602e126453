import type { Redemption } from './redemption.js';

/**
 * The reasons why no redemption was made, or why its outcome is unknown.
 *
 * Nothing was sent:
 * - `anotherIsOpen`: another process is redeeming, or an attempt for another credit is unfinished
 * - `pending`: windows of the last redemption may still move, for up to four hours
 * - `accountChanged`: another account is signed in than at the read that the redemption is based on
 * - `accountUnknown`: the server does not say which account is signed in
 * - `staleRead`: there was another attempt since that read
 * - `creditUnavailable`: the credit is listed, but not as available
 * - `journalInvalid`: the journal is broken
 * - `journalNewer`: a newer version of this package wrote the journal
 * - `lockUnavailable`: `flock` or `lockf` is missing
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
  | 'journalInvalid'
  | 'journalNewer'
  | 'journalUnavailable'
  | 'lockUnavailable'
  | 'outcomeUnknown';

/** No redemption was made, or its outcome is unknown. */
export class RedemptionError extends Error {
  override readonly name = 'RedemptionError';
  readonly kind: RedemptionErrorKind;
  /** The attempt that the error is about, or null. Not enumerable, so that a logged error does not show the key. */
  declare readonly redemption: Redemption | null;

  constructor(
    kind: RedemptionErrorKind,
    message: string,
    { redemption = null, cause }: { redemption?: Redemption | null; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.kind = kind;
    Object.defineProperty(this, 'redemption', { value: redemption, enumerable: false });
  }
}
