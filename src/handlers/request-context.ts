import type { Session } from '../auth/create-auth.js';
import type { BackendClient } from '../backend/account/account-client.js';

/** One request as its handler sees it, besides the parameters. */
export interface RequestContext {
  /** Aborted when the answer is no longer wanted, with the error to answer as its reason. */
  readonly signal: AbortSignal;
  /** Resolves once the answer is written. */
  readonly answered: Promise<void>;
}

/** What a handler needs that asks the backend about the account that is signed in. */
export interface AccountServices {
  readonly session: Session;
  readonly backend: BackendClient;
}
