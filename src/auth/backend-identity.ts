import type { BackendIdentity } from '../backend/request/identity.js';
import { AppError } from '../util/errors.js';
import type { ChatgptTokens, Login } from './credentials.js';

/**
 * Returns the identity that backend requests of this login are sent with.
 *
 * @param purpose the end of the error message: `to read rate limits`, `for rate limit reset credits`
 * @throws AppError `authRequired`, `authFileInvalid`, `authStoreUnavailable`, `authUnsupported` without a ChatGPT login.
 * Its cause is an Error that says why the login cannot be used, if that is known
 */
export function backendIdentity(login: Login, purpose: string): BackendIdentity {
  switch (login.kind) {
    case 'none':
      throw new AppError(
        'authRequired',
        `codex account authentication required ${purpose}`,
        login.reason === undefined ? {} : { cause: new Error(login.reason) },
      );
    case 'invalid':
      throw new AppError(
        login.errorKind ?? 'authFileInvalid',
        `codex account authentication required ${purpose}`,
        { cause: new Error(login.reason) },
      );
    case 'apiKey':
      throw new AppError('authRequired', `chatgpt authentication required ${purpose}`);
    case 'bedrock':
      throw new AppError('authUnsupported', `chatgpt authentication required ${purpose}`);
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
  const { accessToken, refreshToken, idToken, accountId, claims } = tokens;
  return {
    // Also without a last refresh (D29).
    accessToken,
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
