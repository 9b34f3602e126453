import type { IssuerClient } from '../backend/issuer/issuer-client.js';
import type { Settings } from '../config/settings.js';
import { usableSettings } from '../config/invalid-config.js';
import type { RequestClient } from '../protocol/methods.js';
import type { Clock } from '../util/clock.js';
import type { FileLocks } from '../util/files/locks/file-lock.js';
import type { Log } from '../util/log.js';
import { issuedDocument } from './store/auth-document.js';
import type { Login } from './credentials.js';
import type { AuthEnvironment } from './environment.js';
import { createHostTokens } from './tokens/client-tokens.js';
import { isAllowedLogin, workspaceRule } from './login-rules.js';
import type { LoginStatus } from './login-status.js';
import { createActiveLogin } from './login/active-login.js';
import { createLogout } from './logout.js';
import { createPersonalAccessTokens } from './tokens/personal-access-token.js';
import { createSharedRefresher, type OtherRefresher, refreshesSaved } from './tokens/other-refresher.js';
import { createRefresher, noRefresher } from './tokens/refresher.js';
import { createTokenSaver } from './tokens/token-saver.js';
import { createLoginWriter } from './store/login-writer.js';
import { createSession, type Session } from './session.js';
import { createSignIn, type SignIn } from './login/sign-in.js';
import type { AuthStore } from './store/store.js';
import { storeKind } from './store/store-kind.js';
import { createStoredLoginReader, type StoredLoginReader } from './store/login-reader.js';
import { createStores } from './store/stores.js';
import type { WorkspaceToken } from './workspace-switch.js';
import { type OfflineLogin, readStoredLogin } from './stored-login.js';

export type { LoginPlace } from './store/store.js';
export type { ChatgptLogin, ChatgptTokens, Login } from './credentials.js';
export type { AuthEnvironment } from './environment.js';
export type { LoginStatus } from './login-status.js';
export type { OtherRefresher } from './tokens/other-refresher.js';
export type { Session } from './session.js';

/** Reads and changes who is signed in. The floors above import nothing else of this folder. */
export interface Auth extends SignIn {
  readonly session: Session;
  /** As `readLoginStatus`. */
  readStatus(): Promise<LoginStatus>;
  /** As the function of that name in `login/access-token-login`. */
  signInWithAccessToken(token: string): Promise<void>;
  /** As the function of that name in `workspace-switch`. */
  saveWorkspace(token: WorkspaceToken, signal: AbortSignal): Promise<void>;
  /** Forgets tokens that the client owns, after another process has signed out. */
  dropHostTokens(): void;
  /** As the function of that name in `tokens/other-refresher`. */
  refreshesSaved(): Promise<void>;
  /** Gives up logins and refreshes that can be given up. Resolves when the others are saved. */
  close(): Promise<void>;
}

/** The CODEX_HOME whose login is read. */
export interface StoreOptions {
  readonly codexHome: string;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
}

export interface AuthOptions extends StoreOptions {
  readonly log: Log;
  readonly locks: FileLocks;
  readonly issuer: IssuerClient;
  readonly environment: AuthEnvironment;
  /** Whether tokens that are due for a refresh stay as they are. */
  readonly isReadOnly: boolean;
  /** The name of the client. */
  readonly originator: () => string;
  /** Reads the settings. @throws AppError `configInvalid` */
  readonly settings: () => Promise<Settings>;
  readonly requestClient: RequestClient;
  /** A process that refreshes the tokens in our place. */
  readonly otherRefresher?: OtherRefresher | undefined;
  /** Called when another program has changed who is signed in, how, or with which plan. */
  readonly onChange: (login: Login) => void;
  /** Called when a browser or device login has ended: with the reason if it failed, and after its answer is written. */
  readonly onLoginEnd: (loginId: string, error: string | null) => Promise<void>;
}

export function createAuth(options: AuthOptions): Auth {
  const { clock, log, settings } = options;
  const stored = createStoredLoginReader(options);
  const saver = createTokenSaver({ ...options, reader: stored });
  const reader: StoredLoginReader = {
    expectOwn: stored.expectOwn,
    read: async (store) => saver.view(await stored.read(store)),
  };
  const storeOf = createStores(options);
  const store = async (known?: Settings): Promise<AuthStore> =>
    storeOf(storeKind(known ?? (await usableSettings(settings))));
  const services = { ...options, store, reader, saver };
  const writer = createLoginWriter({ ...services, onChanged: saver.drop });
  const hostTokens = createHostTokens(options);
  const activeLogin = createActiveLogin({ log, onEnd: options.onLoginEnd });
  const personalAccessTokens = createPersonalAccessTokens(options);
  const ownRefresher = options.isReadOnly ? noRefresher : createRefresher(services);
  const { otherRefresher } = options;
  const session = createSession({
    ...services,
    hostTokens,
    refresher: otherRefresher ? createSharedRefresher(ownRefresher, otherRefresher) : ownRefresher,
    personalAccessTokens,
  });

  /** Returns whether tokens of another program are in use. A stored login may have such tokens, too. */
  async function isHostActive(current: Settings): Promise<boolean> {
    if (hostTokens.login()) return true;
    const { login } = await reader.read(await store(current));
    return login.kind === 'chatgpt' && login.source === 'host' && isAllowedLogin(login, current);
  }

  const signIn = createSignIn({
    settings,
    hostTokens,
    isHostActive,
    writer,
    activeLogin,
    logout: createLogout({ ...services, hostTokens, writer }),
    loginContext: (current) => ({
      ...options,
      originator: options.originator(),
      ...workspaceRule(current),
      save: (login, signal) => writer.save(issuedDocument(login, clock.nowMs()), signal),
    }),
  });
  return {
    ...signIn,
    session,
    async readStatus() {
      const { readLoginStatus } = await import('./login-status.js');
      return readLoginStatus({ ...services, personalAccessTokens });
    },
    async signInWithAccessToken(token) {
      const { signInWithAccessToken } = await import('./login/access-token-login.js');
      await signInWithAccessToken({ settings, personalAccessTokens, writer }, token);
    },
    async saveWorkspace(token, signal) {
      const { saveWorkspace } = await import('./workspace-switch.js');
      await saveWorkspace(writer, token, signal);
    },
    dropHostTokens: hostTokens.drop,
    refreshesSaved: () => refreshesSaved(ownRefresher, saver, clock),
    async close() {
      await Promise.all([session.end(), activeLogin.close()]);
    },
  };
}

/** Returns whether the store holds anything, usable or not. */
export async function isAnythingStored(options: StoreOptions & { settings: Settings }): Promise<boolean> {
  const content = await createStores(options)(storeKind(options.settings)).read();
  return content.kind !== 'absent';
}

/** Reads a login as `readStoredLogin` does, from the store that the settings name. */
export async function readOfflineLogin(
  options: StoreOptions & { settings: Settings; accessToken: string | undefined; log: Log },
): Promise<OfflineLogin | undefined> {
  return readStoredLogin(createStores(options)(storeKind(options.settings)), options);
}
