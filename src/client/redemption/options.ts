import type { AttemptOptions } from './attempt.js';
import type { ReadBasis, VerifyResult, VerifyOptions } from './verify.js';

export interface ResumeOptions extends AttemptOptions, VerifyOptions {
  /** How often a request whose outcome is not known is repeated with its key; as for other calls unless given. */
  readonly maxRetries?: number | undefined;
  /** How long to read again until all windows have moved; 15 s unless given, 0 for one read. */
  readonly verifyForMs?: number | undefined;
  /** Gives up: what was sent stays open, and what was redeemed is not looked at any longer. */
  readonly signal?: AbortSignal | undefined;
}

export interface RedeemOptions extends ResumeOptions {
  /** The credit; the backend chooses unless given. */
  readonly creditId?: string | undefined;
  /** The read that led to this; the client's last one unless given. */
  readonly basedOn?: ReadBasis | undefined;
  /** Goes on although windows of the last redemption may still move. An open attempt is repeated in any case. */
  readonly force?: boolean | undefined;
}

export interface RedeemResult extends VerifyResult {
  /** Whether this is an attempt that an earlier call had begun. */
  readonly isRepeated: boolean;
}
