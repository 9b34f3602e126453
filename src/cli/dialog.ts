import type { AccountClient, RateLimitResetCredit } from '../client/library.js';
import type { Clock } from '../util/clock.js';
import type { Look } from './look.js';
import type { Prompts } from './prompts.js';

/** For a text that is read at one moment. */
export interface Moment {
  readonly nowMs: number;
  readonly look: Look;
}

/** What a talk about a redemption goes on with. */
export interface Dialog {
  readonly client: AccountClient;
  readonly prompts: Prompts;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  say(text: string): void;
  /** For lines that are said now. */
  moment(): Moment;
}

/** Which credit is to be redeemed. */
export interface CreditWish {
  /** Undefined: the backend chooses. */
  readonly creditId: string | undefined;
  /** As it was listed; undefined where it was not. */
  readonly credit: RateLimitResetCredit | undefined;
}
