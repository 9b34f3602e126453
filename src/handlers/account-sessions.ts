import type { Session } from '../auth/create-auth.js';
import type { BackendClient } from '../backend/account/account-client.js';
import type { WireAccount } from '../backend/account/wire-account.js';
import { sessionList, sessionOf, type StoredSession } from '../domain/account-sessions.js';
import type {
  AccountSessionListParams,
  AccountSessionListResponse,
  AccountSessionSwitchParams,
  AccountSessionSwitchResponse,
} from '../protocol/schema/account-session.js';
import type { Notify } from '../protocol/schema/notifications.js';
import type { Clock } from '../util/clock.js';
import { amendedError, AppError } from '../util/errors.js';
import type { LoginServices } from './login.js';
import type { AccountServices, RequestContext } from './request-context.js';

export interface AccountSessionServices extends AccountServices, LoginServices {
  readonly notify: Notify;
  readonly clock: Clock;
}

export function createAccountSessionHandlers(services: AccountSessionServices): {
  handleAccountSessionList(
    params: AccountSessionListParams,
    context: RequestContext,
  ): Promise<AccountSessionListResponse>;
  handleAccountSessionSwitch(
    params: AccountSessionSwitchParams,
    context: RequestContext,
  ): Promise<AccountSessionSwitchResponse>;
} {
  return {
    async handleAccountSessionList({ refreshWorkspaceMetadata = false }, { signal }) {
      const session = await currentSession(services.session);
      const accounts = session && refreshWorkspaceMetadata ? await readAccounts(services, signal) : null;
      return sessionList(session, accounts, services.clock.nowMs());
    },
    async handleAccountSessionSwitch(params, context) {
      const { switchWorkspace } = await import('./switch-workspace.js');
      return switchWorkspace(services, params, context);
    },
  };
}

/** Returns the session of the stored login; undefined if there is none, or if the issuer has refused its tokens. */
export async function currentSession(session: Session): Promise<StoredSession | undefined> {
  const login = await session.login();
  return session.isRefused(login) ? undefined : sessionOf(login);
}

/** Reads all accounts of the login. @throws AppError with the text of the reference; the signal's reason */
export async function readAccounts(
  { session, backend }: { session: Session; backend: BackendClient },
  signal: AbortSignal,
): Promise<readonly WireAccount[]> {
  try {
    const authorization = await session.authorization('to read workspaces', signal);
    const { accountsCheck } = await backend.readAccountsCheck(authorization, signal);
    return accountsCheck.accounts;
  } catch (error) {
    if (signal.aborted || !(error instanceof AppError)) throw error;
    throw amendedError(error, { message: 'Failed to fetch workspace metadata' });
  }
}
