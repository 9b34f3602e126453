import type { Session } from '../auth/create-auth.js';
import type { WireAccount } from '../backend/account/wire-account.js';
import { sessionOf, type StoredSession } from '../domain/account-sessions.js';
import type { Notify } from '../protocol/schema/notifications.js';
import type { Clock } from '../util/clock.js';
import { amendedError, AppError } from '../util/errors.js';
import type { LoginServices } from './login.js';
import type { AccountServices } from './request-context.js';

export interface AccountSessionServices extends AccountServices, LoginServices {
  readonly notify: Notify;
  readonly clock: Clock;
}

/** Returns the session of the stored login; undefined if there is none, or if the issuer has refused its tokens. */
export async function currentSession(session: Session): Promise<StoredSession | undefined> {
  const login = await session.login();
  return session.isRefused(login) ? undefined : sessionOf(login);
}

/** Reads all accounts of the login. @throws AppError with the text of the reference; the signal's reason */
export async function readAccounts(
  { session, backend }: AccountServices,
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
