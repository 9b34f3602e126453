import type { Redemption } from './redemption.js';

/**
 * Nothing was sent:
 * - `anotherIsOpen`: another process redeems now, or an attempt for another credit is not finished
 * - `pending`: the windows of the last redemption have not all moved, and four hours are not over
 * - `accountChanged`: somebody else is signed in than at the read that the redemption is based on
 * - `accountUnknown`: the server does not tell the account
 * - `staleRead`: there was another attempt since that read
 * - `creditUnavailable`: the credit is listed, and not as available
 * - `journalInvalid`, `journalNewer`: the journal cannot be read: broken, or of a newer version of this package
 * - `lockUnavailable`: there is no `flock` or `lockf`, which keep processes apart
 *
 * Sent or not:
 * - `journalUnavailable`: the journal can be neither read nor written; with a `redemption` it was sent
 * - `outcomeUnknown`: sent, and nobody knows whether a credit was used; the next call repeats it with the same key
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

/** A redemption that was not made, or whose outcome is not known. */
export class RedemptionError extends Error {
  override readonly name = 'RedemptionError';
  readonly kind: RedemptionErrorKind;
  /** The attempt that it is about; null where there is none. A log that shows the error leaves it out, for its key. */
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
