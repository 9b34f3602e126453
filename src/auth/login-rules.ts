import { keyAgainstMethod } from '../config/login-methods.js';
import { administratorNote, type Settings } from '../config/settings.js';
import { allowedWorkspaces } from '../config/workspaces.js';
import { AppError } from '../util/errors.js';
import type { ChatgptTokens, Login, NoLogin } from './credentials.js';

/** Returns the login if the settings allow it, else none: it counts as signed out, and stays stored. */
export function allowedLogin<T extends Login>(login: T, settings: Settings): T | NoLogin {
  if (isAllowedLogin(login, settings)) return login;
  const reason = refusedByAdministrator(login, settings);
  return reason === undefined ? { kind: 'none' } : { kind: 'none', reason };
}

export function isAllowedLogin(login: Login, settings: Settings): boolean {
  return keyAgainst(login, settings) === undefined;
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

export interface WorkspaceRule {
  /** The accounts that the settings allow; undefined: any. */
  readonly allowedWorkspaces: readonly string[] | undefined;
  /** The end of the message about another account: who restricts them, after a blank, or empty. */
  readonly workspaceNote: string;
}

export function workspaceRule(settings: Settings): WorkspaceRule {
  const allowed = allowedWorkspaces(settings);
  return {
    allowedWorkspaces: allowed?.ids,
    workspaceNote: allowed ? administratorNote(settings, allowed.key) : '',
  };
}

/** Returns why the settings do not allow the account that has signed in; undefined if they do. */
export function workspaceProblem(
  { allowedWorkspaces, workspaceNote }: WorkspaceRule,
  accountId: string | null,
): string | undefined {
  if (allowedWorkspaces === undefined) return undefined;
  if (accountId === null) {
    return (
      'Login is restricted to a specific workspace, but the token did not include an chatgpt_account_id claim.' +
      workspaceNote
    );
  }
  if (allowedWorkspaces.includes(accountId)) return undefined;
  return `Login is restricted to workspace id(s) ${allowedWorkspaces.join(', ')}.${workspaceNote}`;
}

/** How a login is made: through the issuer, with tokens that the client owns, or with what the user gives. */
export type LoginWay = 'apiKey' | 'accessToken' | 'issuer' | 'host';

/** @throws AppError if the settings do not allow such a login, or if tokens of another program rule it out */
export function requireAllowedLogin(way: LoginWay, settings: Settings, isRuledOutByHost = false): void {
  if (isRuledOutByHost) {
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
  accessToken: 'Access token login is disabled. Use API key login instead.',
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
