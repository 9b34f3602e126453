import type { IssuerClient } from '../backend/issuer-client.js';
import type { Settings } from '../config/config-toml.js';
import type { AskClient } from '../protocol/methods.js';
import type { Clock } from '../util/clock.js';
import type { FileLocks } from '../util/file-lock.js';
import type { Log } from '../util/log.js';
import { allowedWorkspaces } from './allowed-login.js';
import { issuedDocument } from './auth-document.js';
import type { Login } from './credentials.js';
import type { AuthEnvironment } from './environment.js';
import { createHostTokens, type HostTokens } from './host-tokens.js';
import type { LoginContext } from './login-flow.js';
import { createLogout, type Logout } from './logout.js';
import { createPersonalAccessTokens } from './personal-access-token.js';
import { createRefresher, noRefresher } from './refresher.js';
import { createLoginWriter, type LoginWriter } from './save-login.js';
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
  /** Whether tokens that are due for a refresh stay as they are. */
  readonly isReadOnly: boolean;
  /** The name of the client. */
  readonly originator: () => string;
  /** config.toml's word. @throws AppError `configInvalid` */
  readonly settings: () => Promise<Settings>;
  readonly ask: AskClient;
  /** Called when another program has changed who is signed in, how, or with which plan. */
  readonly onChange: (login: Login) => void;
}

/** What knows who is signed in, and what changes it. */
export interface AuthServices {
  readonly session: Session;
  readonly hostTokens: HostTokens;
  readonly writer: LoginWriter;
  readonly logout: Logout;
  readonly loginContext: (settings: Settings) => LoginContext;
}

/** Puts together what there is at a CODEX_HOME. */
export function openSession(options: OpenSessionOptions): AuthServices {
  const { clock } = options;
  const reader = createStoredLoginReader(options);
  const storeOf = createStores(options);
  const store = async (known?: Settings): Promise<AuthStore> => {
    const settings = known ?? (await options.settings().catch((): Settings => ({})));
    return storeOf(settings.cli_auth_credentials_store ?? 'file');
  };
  const stored = { ...options, store, reader };
  const writer = createLoginWriter(stored);
  const hostTokens = createHostTokens(options);
  return {
    session: createSession({
      ...stored,
      hostTokens,
      refresher: options.isReadOnly ? noRefresher : createRefresher(stored),
      personalAccessTokens: createPersonalAccessTokens(options),
    }),
    hostTokens,
    writer,
    logout: createLogout({ ...stored, hostTokens, writer }),
    loginContext: (settings) => ({
      ...options,
      originator: options.originator(),
      allowedWorkspaces: allowedWorkspaces(settings),
      save: (login, signal) => writer.save(issuedDocument(login, clock.nowMs()), signal),
    }),
  };
}
