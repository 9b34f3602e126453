import type { WireAccount } from '../backend/account/wire-account.js';
import { accountUpdatedFromLogin } from '../domain/account.js';
import { sessionList, sessionOf } from '../domain/account-sessions.js';
import type {
  AccountSessionSwitchParams,
  AccountSessionSwitchResponse,
} from '../protocol/schema/account-session.js';
import { AppError, type ErrorKind } from '../util/errors.js';
import { type AccountSessionServices, currentSession, readAccounts } from './current-session.js';
import type { RequestContext } from './request-context.js';

/**
 * Exchanges the access token of the stored login for one of another workspace, and stores it. Starts a login in the
 * browser instead if the workspace needs one and the client allows it. The texts of the errors are those of codex.
 */
export async function switchWorkspace(
  services: AccountSessionServices,
  { sessionId, accountId, allowBrowserLogin = false }: AccountSessionSwitchParams,
  context: RequestContext,
): Promise<AccountSessionSwitchResponse> {
  const { auth, backend, clock, session } = services;
  const { signal } = context;
  if (accountId === '') throw refused('invalidRequest', 'accountId must not be empty', 'accountId');
  const current = await currentSession(session);
  if (!current) throw refused('authRequired', 'Workspace switching requires a managed ChatGPT login');
  const { userId, tokens } = current;
  if (sessionId !== userId) {
    throw refused('invalidRequest', 'Only the active managed account session can be switched', 'sessionId');
  }
  if (accountId === tokens.accountId) return sessionList(current, null, clock.nowMs());
  if (auth.isBrowserLoginOpen()) {
    throw refused('unsupported', 'Finish or cancel the current login before switching workspaces');
  }
  await auth.requireWorkspace(accountId);

  const account = selectable(await readAccounts(services, signal), accountId);
  if (account.can_access_with_session === false) {
    if (!allowBrowserLogin) {
      throw refused('authRequired', 'The selected workspace requires a new sign-in', 'accountId');
    }
    return auth.startBrowserLogin({}, context, {
      accountId,
      currentAccountId: tokens.accountId,
      email: tokens.claims.email,
      connection: account.sso_connection_name,
    });
  }
  const authorization = await session.authorization('to switch the workspace', signal);
  const accessToken = await backend.exchangeWorkspaceToken(authorization, accountId, signal);
  await auth.saveWorkspace({ userId, fromAccountId: tokens.accountId, accountId, accessToken }, signal);
  backend.separateReads();
  await services.limits.invalidate();
  const login = await session.login();
  services.notify('account/updated', accountUpdatedFromLogin(login));
  return sessionList(sessionOf(login), null, clock.nowMs());
}

/** @throws AppError if the login cannot use the account */
function selectable(accounts: readonly WireAccount[], accountId: string): WireAccount {
  const account = accounts.find(({ id }) => id === accountId);
  if (!account || account.is_deactivated) {
    throw refused('invalidRequest', 'The selected workspace is unavailable', 'accountId');
  }
  if (account.is_fedramp_compliant_workspace) {
    throw refused('authRequired', 'Sign in to switch government workspaces', 'accountId');
  }
  return account;
}

function refused(kind: ErrorKind, message: string, member?: string): AppError {
  return new AppError(kind, message, { details: member === undefined ? {} : { member } });
}
