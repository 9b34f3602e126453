/** Returns the environment variables that direct refreshes, revocations and logins of a server to this backend. */
export function devEnvironment(backendUrl: string): Record<string, string> {
  return {
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${backendUrl}/oauth/token`,
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: `${backendUrl}/oauth/revoke`,
    CODEX_APP_SERVER_LOGIN_ISSUER: backendUrl,
    CODEX_AUTHAPI_BASE_URL: backendUrl,
  };
}
