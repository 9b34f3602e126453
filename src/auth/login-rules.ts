import type { Settings } from '../config/config-toml.js';
import { AppError } from '../util/errors.js';
import { allowedWorkspaces, isAllowedWorkspace } from './allowed-login.js';

/** How a login is made: with a key, through the issuer, or with tokens of the client. */
export type LoginWay = 'apiKey' | 'issuer' | 'host';

/** @throws AppError where config.toml or tokens of the client leave no room for such a login; auth.md 6, 8 */
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

/** @throws AppError where config.toml rules out the account of the client's tokens */
export function requireAllowedAccount(accountId: string, settings: Settings): void {
  if (isAllowedWorkspace(accountId, settings)) return;
  const allowed = (allowedWorkspaces(settings) ?? []).map((id) => JSON.stringify(id)).join(', ');
  throw new AppError(
    'unsupported',
    `External auth must use one of workspace(s) [${allowed}], but received ${JSON.stringify(accountId)}.`,
  );
}
