import type { Settings } from '../config/config-toml.js';
import { AppError } from '../util/errors.js';
import type { Login } from './credentials.js';

/** Returns the login if config.toml allows it, else none: it counts as signed out, and stays stored. */
export function allowedLogin(login: Login, settings: Settings): Login {
  return isAllowed(login, settings) ? login : { kind: 'none' };
}

function isAllowed(login: Login, settings: Settings): boolean {
  const { forced_login_method: method } = settings;
  if (login.kind === 'apiKey') return method !== 'chatgpt';
  if (login.kind !== 'chatgpt') return true;
  return method !== 'api' && isAllowedWorkspace(login.tokens?.accountId ?? null, settings);
}

function isAllowedWorkspace(accountId: string | null, settings: Settings): boolean {
  const allowed = allowedWorkspaces(settings);
  return allowed === undefined || (accountId !== null && allowed.includes(accountId));
}

/** Returns the ids of the accounts that config.toml allows; undefined: any. */
export function allowedWorkspaces(settings: Settings): readonly string[] | undefined {
  const { forced_chatgpt_workspace_id: forced } = settings;
  return typeof forced === 'string' ? [forced] : forced;
}

/** How a login is made: with an API key, through the issuer, or with tokens that the client owns. */
export type LoginWay = 'apiKey' | 'issuer' | 'host';

/** @throws AppError if config.toml, or tokens that the client owns, do not allow such a login */
export function requireAllowedLogin(way: LoginWay, settings: Settings, isHostActive: boolean): void {
  if (way !== 'host' && isHostActive) {
    throw new AppError(
      'invalidRequest',
      'External auth is active. Use account/login/start (chatgptAuthTokens) to update it or account/logout to clear it.',
    );
  }
  const { forced_login_method: method } = settings;
  if (way === 'apiKey' && method === 'chatgpt') {
    throw new AppError('unsupported', 'API key login is disabled. Use ChatGPT login instead.');
  }
  if (way !== 'apiKey' && method === 'api') {
    const what = way === 'host' ? 'External ChatGPT auth' : 'ChatGPT login';
    throw new AppError('unsupported', `${what} is disabled. Use API key login instead.`);
  }
}

/** @throws AppError if config.toml does not allow the account of the client's tokens */
export function requireAllowedAccount(accountId: string, settings: Settings): void {
  if (isAllowedWorkspace(accountId, settings)) return;
  const allowed = (allowedWorkspaces(settings) ?? []).map((id) => JSON.stringify(id)).join(', ');
  throw new AppError(
    'unsupported',
    `External auth must use one of workspace(s) [${allowed}], but received ${JSON.stringify(accountId)}.`,
  );
}
