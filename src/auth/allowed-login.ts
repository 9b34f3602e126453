import type { Settings } from '../config/config-toml.js';
import type { Login } from './credentials.js';

/** The login as config.toml allows it; one that it rules out counts as none, and stays stored. auth.md 8. */
export function allowedLogin(login: Login, settings: Settings): Login {
  return isAllowed(login, settings) ? login : { kind: 'none' };
}

function isAllowed(login: Login, settings: Settings): boolean {
  const { forced_login_method: method } = settings;
  if (login.kind === 'apiKey') return method !== 'chatgpt';
  if (login.kind !== 'chatgpt') return true;
  return method !== 'api' && isAllowedWorkspace(login.tokens?.accountId ?? null, settings);
}

/** Whether an account may be used; `forced_chatgpt_workspace_id` is one id or a list of them. */
export function isAllowedWorkspace(accountId: string | null, settings: Settings): boolean {
  const allowed = allowedWorkspaces(settings);
  return allowed === undefined || (accountId !== null && allowed.includes(accountId));
}

/** Undefined: any. */
export function allowedWorkspaces(settings: Settings): readonly string[] | undefined {
  const { forced_chatgpt_workspace_id: forced } = settings;
  return typeof forced === 'string' ? [forced] : forced;
}
