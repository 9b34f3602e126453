import type { IssuerClient } from '../backend/issuer-client.js';
import type { Settings } from '../config/config-toml.js';
import type { Clock } from '../util/clock.js';
import type { FileLocks } from '../util/file-lock.js';
import type { Log } from '../util/log.js';
import type { Login } from './credentials.js';
import type { AuthEnvironment } from './environment.js';
import { createPersonalAccessTokens } from './personal-access-token.js';
import { createRefresher } from './refresher.js';
import { createSession, type Session } from './session.js';
import type { AuthStore } from './store.js';
import { createStoredLoginReader } from './stored-login.js';
import { createStores } from './stores.js';

export interface OpenSessionOptions {
  readonly codexHome: string;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly log: Log;
  readonly locks: FileLocks;
  readonly issuer: IssuerClient;
  readonly environment: AuthEnvironment;
  /** config.toml's word. @throws AppError `configInvalid` */
  readonly settings: () => Promise<Settings>;
  /** Called when another program has changed who is signed in, how, or with which plan. */
  readonly onChange: (login: Login) => void;
}

/** Puts together what knows who is signed in at a CODEX_HOME. */
export function openSession(options: OpenSessionOptions): Session {
  const reader = createStoredLoginReader(options);
  const storeOf = createStores(options);
  const store = async (): Promise<AuthStore> => {
    const settings = await options.settings().catch((): Settings => ({}));
    return storeOf(settings.cli_auth_credentials_store ?? 'file');
  };
  return createSession({
    ...options,
    store,
    reader,
    refresher: createRefresher({ ...options, store, reader }),
    personalAccessTokens: createPersonalAccessTokens(options),
  });
}
