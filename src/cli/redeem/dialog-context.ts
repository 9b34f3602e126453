import type {
  AccountClient,
  RateLimitResetCredit,
  RateLimitResetCreditOfUnknownExpiry,
} from '../../client/library.js';
import type { Clock } from '../../util/clock.js';
import type { RenderContext } from '../terminal/text-style.js';
import type { Prompts } from '../terminal/prompts.js';

/** The dependencies of each step of the `redeem` dialog. */
export interface DialogContext {
  readonly client: AccountClient;
  readonly prompts: Prompts;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Shows a paragraph. */
  showText(text: string): void;
  /** The context for lines that are shown now. */
  renderContext(): RenderContext;
}

/** The credit to redeem. */
export interface CreditChoice {
  /** Undefined if the backend chooses. */
  readonly creditId: string | undefined;
  /** The credit as the backend listed it; undefined if it did not. */
  readonly credit: RateLimitResetCredit | RateLimitResetCreditOfUnknownExpiry | undefined;
}
