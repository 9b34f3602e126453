import { keyAgainstMethod } from '../config/login-methods.js';
import { administratorNote, type Settings } from '../config/settings.js';
import { allowedWorkspaces } from '../config/workspaces.js';
import { AppError } from '../util/errors.js';
import type { ChatgptTokens, Login } from './credentials.js';

/** Returns the login if the settings allow it, else none: it counts as signed out, and stays stored. */
export function allowedLogin(login: Login, settings: Settings): Login {
  return keyAgainst(login, settings) === undefined ? login : { kind: 'none' };
}

/** Returns a sentence about an administrator who does not allow this login; undefined if no administrator is concerned. */
export function refusedByAdministrator(login: Login, settings: Settings): string | undefined {
  const key = keyAgainst(login, settings);
  const note = key && administratorNote(settings, key);
  return note ? `the stored login is not allowed, so it is not used.${note}` : undefined;
}

type RestrictingKey = NonNullable<
  ReturnType<typeof keyAgainstMethod> | NonNullable<ReturnType<typeof allowedWorkspaces>>['key']
>;

/** Returns the key that does not allow this login. */
function keyAgainst(login: Login, settings: Settings): RestrictingKey | undefined {
  if (login.kind === 'apiKey') return keyAgainstMethod('api', settings);
  if (login.kind !== 'chatgpt') return undefined;
  return keyAgainstMethod('chatgpt', settings) ?? keyAgainstAccount(accountIdOf(login.tokens), settings);
}

function accountIdOf(tokens: ChatgptTokens | null): string | null {
  return tokens?.accountId ?? tokens?.claims.accountId ?? null;
}

function keyAgainstAccount(accountId: string | null, settings: Settings): RestrictingKey | undefined {
  const allowed = allowedWorkspaces(settings);
  if (!allowed || (accountId !== null && allowed.ids.includes(accountId))) return undefined;
  return allowed.key;
}

/** Returns the accounts that may sign in, and the end of the message about another one. */
export function workspaceRule(settings: Settings): {
  allowedWorkspaces: readonly string[] | undefined;
  workspaceNote: string;
} {
  const allowed = allowedWorkspaces(settings);
  return {
    allowedWorkspaces: allowed?.ids,
    workspaceNote: allowed ? administratorNote(settings, allowed.key) : '',
  };
}

/** How a login is made: with an API key, through the issuer, or with tokens that the client owns. */
export type LoginWay = 'apiKey' | 'issuer' | 'host';

/** @throws AppError if the settings, or tokens that the client owns, do not allow such a login */
export function requireAllowedLogin(way: LoginWay, settings: Settings, isHostActive: boolean): void {
  if (way !== 'host' && isHostActive) {
    throw new AppError(
      'invalidRequest',
      'External auth is active. Use account/login/start (chatgptAuthTokens) to update it or account/logout to clear it.',
    );
  }
  const key =
    keyAgainstMethod(way === 'apiKey' ? 'api' : 'chatgpt', settings) ?? keyAgainstAll(way, settings);
  if (key !== undefined) throw new AppError('unsupported', refusals[way] + administratorNote(settings, key));
}

/** Returns the key that allows no account of ChatGPT at all. */
function keyAgainstAll(way: LoginWay, settings: Settings): RestrictingKey | undefined {
  const allowed = way === 'apiKey' ? undefined : allowedWorkspaces(settings);
  return allowed?.ids.length === 0 ? allowed.key : undefined;
}

const refusals: Readonly<Record<LoginWay, string>> = {
  apiKey: 'API key login is disabled. Use ChatGPT login instead.',
  issuer: 'ChatGPT login is disabled. Use API key login instead.',
  host: 'External ChatGPT auth is disabled. Use API key login instead.',
};

/** @throws AppError if the settings do not allow the account of the client's tokens */
export function requireAllowedAccount(accountId: string, settings: Settings): void {
  const key = keyAgainstAccount(accountId, settings);
  if (key === undefined) return;
  const allowed = (allowedWorkspaces(settings)?.ids ?? []).map((id) => JSON.stringify(id)).join(', ');
  throw new AppError(
    'unsupported',
    `External auth must use one of workspace(s) [${allowed}], but received ${JSON.stringify(accountId)}.${administratorNote(settings, key)}`,
  );
}
