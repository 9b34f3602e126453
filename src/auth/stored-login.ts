import { chatgptBaseUrl } from '../config/provider.js';
import type { Settings } from '../config/settings.js';
import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import type { ChatgptLogin } from './credentials.js';
import { backendIdentity, type KnownAccount, knownAccount } from './backend-identity.js';
import { allowedLogin } from './login-rules.js';
import { createStoredLoginReader } from './store/login-reader.js';
import { type AuthStore, type LoginPlace, placeOf } from './store/store.js';

/** A stored login with ChatGPT, as far as it can be known without a request. */
export interface OfflineLogin {
  /** Undefined if the login does not name its account and its user. */
  readonly account: KnownAccount | undefined;
  readonly login: ChatgptLogin;
  /** Resolves with the place of the login. */
  readonly place: () => Promise<LoginPlace>;
}

/**
 * Reads the stored login without the code that sends requests.
 *
 * @param accessToken the token of the environment. It takes precedence, and only the issuer knows its owner
 * @returns undefined unless it is a login with ChatGPT that the settings allow
 */
export async function readStoredLogin(
  store: AuthStore,
  options: {
    readonly settings: Settings;
    readonly accessToken: string | undefined;
    readonly clock: Clock;
    readonly log: Log;
  },
): Promise<OfflineLogin | undefined> {
  const { settings, accessToken } = options;
  if (accessToken !== undefined) return undefined;
  const { login } = await createStoredLoginReader(options).read(store);
  // Only the issuer knows its owner, too.
  if (login.kind === 'personalAccessToken') return undefined;
  const allowed = allowedLogin(login, settings);
  if (allowed.kind !== 'chatgpt') return undefined;
  return {
    account: knownAccount(backendIdentity(allowed, ''), chatgptBaseUrl(settings)),
    login: allowed,
    place: () => placeOf(store),
  };
}
