import type { Settings } from '../config/settings.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import type { BedrockLogin, ChatgptLogin, InvalidLogin, Login } from './credentials.js';
import { isAllowedLogin, refusedByAdministrator } from './login-rules.js';
import { createStoredLoginReader } from './store/login-reader.js';
import type { AuthStore, StoreContent } from './store/store.js';
import type { PersonalAccessTokens } from './tokens/personal-access-token.js';

/** How the user is signed in. */
export type LoginStatus =
  { readonly kind: 'none' | 'chatgpt' | 'personalAccessToken' | 'apiKey' } | BedrockLogin;

export interface LoginStatusOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** @throws AppError `configInvalid` */
  readonly settings: () => Promise<Settings>;
  readonly store: (settings: Settings) => Promise<AuthStore>;
  readonly personalAccessTokens: PersonalAccessTokens;
}

/**
 * Reads how the user is signed in. Only the owner of a personal access token is asked for at its issuer.
 *
 * @throws AppError with the reason if the login cannot be used: `loginFailed`, `authFileInvalid`,
 * `authStoreUnavailable`, `authUnsupported`; `configInvalid` if the settings cannot be read
 */
export async function readLoginStatus(options: LoginStatusOptions): Promise<LoginStatus> {
  const { clock, log, personalAccessTokens } = options;
  const settings = await options.settings();
  const personal = async (checking: Promise<ChatgptLogin>): Promise<LoginStatus> =>
    allowedStatus(await checking, settings, log);
  if (personalAccessTokens.isInEnvironment) {
    const checking = personalAccessTokens.checkEnvironment();
    return checking ? personal(checking) : { kind: 'none' };
  }
  // The error says what the reader would log.
  const reader = createStoredLoginReader({ clock, log: { ...log, error: () => undefined } });
  const store = await options.store(settings);
  const { login, content } = await reader.read(store);
  if (login.kind === 'personalAccessToken') return personal(personalAccessTokens.check(login.token));
  if (login.kind === 'invalid') throw errorOf(login, content, store.name);
  return allowedStatus(login, settings, log);
}

function allowedStatus(login: Exclude<Login, InvalidLogin>, settings: Settings, log: Log): LoginStatus {
  const refusal = refusedByAdministrator(login, settings);
  if (refusal !== undefined) log.error(refusal);
  if (!isAllowedLogin(login, settings)) return { kind: 'none' };
  if (login.kind === 'apiKey') return { kind: 'apiKey' };
  if (login.kind !== 'chatgpt') return login;
  return { kind: login.source === 'personalAccessToken' ? 'personalAccessToken' : 'chatgpt' };
}

/** Texts of Codex, with the name of the store if that could not be read. */
function errorOf(login: InvalidLogin, content: StoreContent, storeName: string): AppError {
  const { errorKind = 'authFileInvalid', reason } = login;
  if (login.isWellFormed) return new AppError(errorKind, `${reason}.`);
  const message =
    content.kind === 'unusable'
      ? `cannot use ${storeName}: ${reason}`
      : `failed to deserialize CLI auth from file: ${storeName}: ${reason}`;
  return new AppError(errorKind, message);
}
