import type { Session } from '../auth/create-auth.js';
import type { BackendClient } from '../backend/account/account-client.js';

/** The request of a handler, without its params. */
export interface RequestContext {
  /** Aborted if the request is cancelled or the server shuts down. Its reason is the error to answer with. */
  readonly signal: AbortSignal;
  /** Resolves once the response is written. */
  readonly answered: Promise<void>;
}

/** The services of a handler that sends requests to the backend. */
export interface AccountServices {
  readonly session: Session;
  readonly backend: BackendClient;
}
