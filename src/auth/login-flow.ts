import type { IssuerClient } from '../backend/issuer-client.js';
import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import type { AuthEnvironment } from './environment.js';
import type { IssuedLogin } from './auth-document.js';

/** What a login needs that goes through an issuer. */
export interface LoginContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly issuer: IssuerClient;
  readonly environment: AuthEnvironment;
  /** What the issuer knows the client as. */
  readonly originator: string;
  /** The accounts that config.toml allows; undefined: any. */
  readonly allowedWorkspaces: readonly string[] | undefined;
  /**
   * Stores the tokens.
   * @param signal ends the wait for other programs with its reason
   * @throws the error of the store
   */
  readonly save: (login: IssuedLogin, signal: AbortSignal) => Promise<void>;
}

/** A login that has begun and waits for a person. */
export interface LoginFlow<Answer> {
  /** What `account/login/start` answers, besides the login id. */
  readonly answer: Answer;
  /**
   * Resolves once the login is stored and may be told of.
   * @throws AppError `loginFailed` with the text for `account/login/completed`
   */
  readonly finished: Promise<void>;
  /** Gives it up: `finished` is rejected with this text, unless the tokens are being written already. */
  cancel(message: string): void;
}
