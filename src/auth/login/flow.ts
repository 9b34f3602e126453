import type { IssuerClient } from '../../backend/issuer/issuer-client.js';
import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';
import type { AuthEnvironment } from '../environment.js';
import type { WorkspaceRule } from '../login-rules.js';
import type { IssuedLogin } from '../store/auth-document.js';

/** The options of browser and device logins. */
export interface LoginContext extends WorkspaceRule {
  readonly clock: Clock;
  readonly log: Log;
  readonly issuer: IssuerClient;
  readonly environment: AuthEnvironment;
  /** The name of the client, for the issuer. */
  readonly originator: string;
  /** The workspace that a login was started for, if it was. */
  readonly workspace?: WorkspaceLogin | undefined;
  /**
   * Stores the tokens.
   * @param signal ends the wait for other programs with its reason
   * @throws the error of the store
   */
  readonly save: (login: IssuedLogin, signal: AbortSignal) => Promise<void>;
}

/** A login to another workspace of the user that is signed in. A value that is not known is null. */
export interface WorkspaceLogin {
  readonly accountId: string;
  readonly currentAccountId: string | null;
  readonly email: string | null;
  /** The name of the single sign-on of the workspace. */
  readonly connection: string | null;
}

/** A login that has started and waits for a person. */
export interface LoginFlow<Answer> {
  /** The answer to `account/login/start`, without the login id. */
  readonly answer: Answer;
  /**
   * Resolves when the login is stored and may be reported.
   * @throws AppError `loginFailed` with the text for `account/login/completed`
   */
  readonly finished: Promise<void>;
  /** Rejects `finished` with this text, unless the tokens are already being written. */
  cancel(message: string): void;
}
