import type { LoginStatus } from '../../../auth/create-auth.js';
import { storedPlanType } from '../../../domain/account.js';
import type { LoginStatusReport } from '../../../protocol/schema/reports/login-status-report.js';

/** A login that cannot be used, or is not valid. */
export type StatusError = NonNullable<LoginStatusReport['error']>;

/** Describes a login in the shape of `login status --json`. */
export function loginReport(
  { login, place }: LoginStatus,
  check: LoginStatusReport['check'],
  error: StatusError | undefined,
): LoginStatusReport {
  const tokens = login.kind === 'chatgpt' ? login.tokens : null;
  const isPersonal = login.kind === 'chatgpt' && login.source === 'personalAccessToken';
  return {
    version: 1,
    isSignedIn: login.kind !== 'none',
    method: methodOf(login),
    accountId: tokens?.accountId ?? tokens?.claims.accountId ?? null,
    userId: tokens?.claims.userId ?? null,
    email: tokens?.claims.email ?? null,
    planType: tokens && storedPlanType(tokens.claims.planType),
    storedIn: place?.kind ?? null,
    path: place?.kind === 'file' ? place.path : null,
    accessTokenExpiresAt: secondsOf(tokens?.expiresAtMs),
    lastRefreshedAt: isPersonal ? null : secondsOf(tokens?.lastRefreshMs),
    check,
    ...(error && { error }),
  };
}

const methods = {
  stored: 'chatgpt',
  host: 'chatgptAuthTokens',
  personalAccessToken: 'personalAccessToken',
} as const;

function methodOf(login: LoginStatus['login']): LoginStatusReport['method'] {
  switch (login.kind) {
    case 'none':
      return null;
    case 'chatgpt':
      return methods[login.source];
    case 'apiKey':
      return 'apiKey';
    case 'bedrock':
      return login.credentials === 'apiKey' ? 'bedrockApiKey' : 'bedrockAccessKeys';
  }
}

/** Rounds a time to seconds. Returns null if it is not a safe integer: a token may say any number. */
function secondsOf(ms: number | null | undefined): number | null {
  const seconds = Math.floor((ms ?? NaN) / 1000);
  return Number.isSafeInteger(seconds) ? seconds : null;
}
