import type { AuthEnvironment } from '../auth/create-auth.js';

/** The variables about logins that Codex honours too; an empty one counts as not set. */
export function authEnvironment(environment: NodeJS.ProcessEnv): AuthEnvironment {
  return {
    refreshTokenUrl: environment.CODEX_REFRESH_TOKEN_URL_OVERRIDE || undefined,
    revokeTokenUrl: environment.CODEX_REVOKE_TOKEN_URL_OVERRIDE || undefined,
    loginIssuer: environment.CODEX_APP_SERVER_LOGIN_ISSUER || undefined,
    loginClientId: environment.CODEX_APP_SERVER_LOGIN_CLIENT_ID || undefined,
    authApiBaseUrl: environment.CODEX_AUTHAPI_BASE_URL || undefined,
    accessToken: environment.CODEX_ACCESS_TOKEN || undefined,
  };
}
