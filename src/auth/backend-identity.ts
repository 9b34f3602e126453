import type { BackendIdentity } from '../backend/request/identity.js';
import { AppError } from '../util/errors.js';
import type { ChatgptTokens, Login } from './credentials.js';

/**
 * Returns the identity that backend requests of this login are sent with.
 *
 * @param purpose the end of the error message: `to read rate limits`, `for rate limit reset credits`
 * @throws AppError `authRequired`, `authFileInvalid`, `authStoreUnavailable` without a ChatGPT login
 */
export function backendIdentity(login: Login, purpose: string): BackendIdentity {
  switch (login.kind) {
    case 'none':
      throw new AppError('authRequired', `codex account authentication required ${purpose}`);
    case 'invalid':
      throw new AppError(
        login.errorKind ?? 'authFileInvalid',
        `codex account authentication required ${purpose}`,
      );
    case 'apiKey':
      throw new AppError('authRequired', `chatgpt authentication required ${purpose}`);
    case 'chatgpt':
      return login.tokens ? identityOf(login.tokens) : anonymous;
  }
}

/** The identity of a ChatGPT login without tokens. Its requests are sent all the same. */
const anonymous: BackendIdentity = {
  accessToken: null,
  accountId: null,
  idTokenAccountId: null,
  isFedramp: false,
  userId: null,
  secrets: [],
};

function identityOf(tokens: ChatgptTokens): BackendIdentity {
  const { accessToken, refreshToken, idToken, accountId, claims, lastRefreshMs } = tokens;
  return {
    accessToken: lastRefreshMs === null ? null : accessToken,
    accountId,
    idTokenAccountId: claims.accountId,
    isFedramp: claims.isFedramp,
    userId: claims.userId,
    secrets: [accessToken, refreshToken, idToken, claims.email ?? ''],
  };
}

/** The account that a login is for, and the backend that it is used with. */
export interface KnownAccount {
  readonly accountId: string;
  readonly userId: string;
  readonly baseUrl: string;
}

/** Returns the account of a login; undefined if the login does not name its account and its user. */
export function knownAccount(
  { accountId, userId }: BackendIdentity,
  baseUrl: string,
): KnownAccount | undefined {
  return accountId && userId ? { accountId, userId, baseUrl } : undefined;
}
