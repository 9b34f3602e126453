import type { AttemptOptions } from './attempt.js';
import type { ReadBasis } from './read-basis.js';
import type { VerifyResult, VerifyOptions } from './verify.js';

export interface ResumeOptions extends AttemptOptions, VerifyOptions {
  /** How often a request with an unknown outcome is repeated with its key; the default is that of other calls. */
  readonly maxRetries?: number | undefined;
  /** How long to wait for the windows to move, in milliseconds; the default is 15 s, 0 reads once. */
  readonly verifyForMs?: number | undefined;
  /** Aborts the call. An attempt that was sent stays open; after a redemption, the wait for the windows ends. */
  readonly signal?: AbortSignal | undefined;
}

export interface RedeemOptions extends ResumeOptions {
  /** The credit to use; by default the backend chooses. */
  readonly creditId?: string | undefined;
  /** The read that led to this redemption; the default is the client's last one. */
  readonly basedOn?: ReadBasis | undefined;
  /** Redeems although windows of the last redemption may still move. An open attempt is finished in any case. */
  readonly force?: boolean | undefined;
}

export interface RedeemResult extends VerifyResult {
  /** Whether this is an attempt that an earlier call had begun. */
  readonly isRepeated: boolean;
}

export interface AbandonOptions {
  /** Why the attempt is given up, for the journal: at most 500 characters. */
  readonly reason: string;
  /** Aborts the call. The attempt then stays open. */
  readonly signal?: AbortSignal | undefined;
}
