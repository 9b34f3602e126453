import type { Login } from '../auth/credentials.js';
import type { Account, GetAccountResponse, GetAuthStatusResponse } from '../protocol/account.js';
import { AppError } from '../util/errors.js';
import { planTypeFromWire } from './plan.js';

/**
 * Who is signed in, from the stored login alone; auth.md 3.
 * @throws AppError `authRequired` for a ChatGPT login without tokens
 */
export function accountFromLogin(login: Login): GetAccountResponse {
  return {
    account: accountOf(login),
    requiresOpenaiAuth: true,
    userId: login.kind === 'chatgpt' ? (login.tokens?.claims.userId ?? null) : null,
    workspaceRouting: null,
  };
}

function accountOf(login: Login): Account | null {
  if (login.kind === 'apiKey') return { type: 'apiKey' };
  if (login.kind !== 'chatgpt') return null;
  if (!login.tokens) {
    throw new AppError('authRequired', 'plan type is required for chatgpt authentication');
  }
  const { email, planType } = login.tokens.claims;
  return { type: 'chatgpt', email, planType: storedPlanType(planType), workspaceName: null };
}

/** The id token spells one plan in a way the usage body does not. */
function storedPlanType(text: string | null): ReturnType<typeof planTypeFromWire> {
  return text === 'hc' ? 'enterprise' : planTypeFromWire(text);
}

/** How the account is signed in, with the token if asked for. A login that cannot be sent counts as none. */
export function authStatusFromLogin(login: Login, includeToken: boolean): GetAuthStatusResponse {
  const method = sendableMethod(login);
  return {
    authMethod: method?.name ?? null,
    authToken: includeToken ? (method?.token ?? null) : null,
    requiresOpenaiAuth: true,
  };
}

function sendableMethod(login: Login): { name: 'apikey' | 'chatgpt'; token: string } | undefined {
  if (login.kind === 'apiKey' && login.apiKey !== '') return { name: 'apikey', token: login.apiKey };
  if (login.kind !== 'chatgpt' || !login.tokens?.hasLastRefresh) return undefined;
  const { accessToken } = login.tokens;
  return accessToken === '' ? undefined : { name: 'chatgpt', token: accessToken };
}
