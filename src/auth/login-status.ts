import type { Settings } from '../config/settings.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import type { Log } from '../util/log.js';
import type { InvalidLogin, Login } from './credentials.js';
import { allowedLogin, refusedByAdministrator } from './login-rules.js';
import { createStoredLoginReader } from './store/login-reader.js';
import { type AuthStore, type LoginPlace, placeOf, type StoreContent } from './store/store.js';
import { notPersonal, type PersonalAccessTokens } from './tokens/personal-access-token.js';

/** How the user is signed in. */
export interface LoginStatus {
  readonly login: UsableLogin;
  /** Undefined without a login. */
  readonly place: LoginPlace | undefined;
}

type UsableLogin = Exclude<Login, InvalidLogin>;

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
  const allowed = (login: UsableLogin, place: LoginPlace): LoginStatus =>
    allowedStatus(login, { place, settings, log });
  if (personalAccessTokens.isInEnvironment) {
    const checking = personalAccessTokens.checkEnvironment();
    if (!checking) return { login: { kind: 'none', reason: notPersonal }, place: undefined };
    return allowed(await checking, { kind: 'environment' });
  }
  // The error says what the reader would log.
  const reader = createStoredLoginReader({ clock, log: { ...log, error: () => undefined } });
  const store = await options.store(settings);
  const { login, content } = await reader.read(store);
  if (login.kind === 'invalid') throw errorOf(login, content, store.name);
  const found = login.kind === 'personalAccessToken' ? await personalAccessTokens.check(login.token) : login;
  return allowed(found, await placeOf(store));
}

function allowedStatus(
  found: UsableLogin,
  { place, settings, log }: { place: LoginPlace; settings: Settings; log: Log },
): LoginStatus {
  const refusal = refusedByAdministrator(found, settings);
  if (refusal !== undefined) log.error(refusal);
  const login = allowedLogin(found, settings);
  return { login, place: login.kind === 'none' ? undefined : place };
}

/** Returns the error of Codex about a login, with the name of the store if that could not be read. */
function errorOf(login: InvalidLogin, content: StoreContent, storeName: string): AppError {
  const { errorKind = 'authFileInvalid', reason } = login;
  if (login.isWellFormed) return new AppError(errorKind, `${reason}.`);
  const message =
    content.kind === 'unusable'
      ? `cannot use ${storeName}: ${reason}`
      : `failed to deserialize CLI auth from file: ${storeName}: ${reason}`;
  return new AppError(errorKind, message);
}
