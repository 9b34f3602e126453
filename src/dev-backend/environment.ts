/** The variables that make a server refresh, revoke and sign in at this backend instead of at OpenAI. */
export function devEnvironment(backendUrl: string): Record<string, string> {
  return {
    CODEX_REFRESH_TOKEN_URL_OVERRIDE: `${backendUrl}/oauth/token`,
    CODEX_REVOKE_TOKEN_URL_OVERRIDE: `${backendUrl}/oauth/revoke`,
    CODEX_APP_SERVER_LOGIN_ISSUER: backendUrl,
    CODEX_AUTHAPI_BASE_URL: backendUrl,
  };
}
