import type { TokenProvenance } from './credentials.js';

/** The settings of the environment about logins. A variable that is not set, or empty, is undefined. */
export interface AuthEnvironment {
  /** The full URL for refreshing tokens. */
  readonly refreshTokenUrl?: string | undefined;
  /** The full URL for revoking tokens. */
  readonly revokeTokenUrl?: string | undefined;
  /** The issuer of browser and device logins. */
  readonly loginIssuer?: string | undefined;
  readonly loginClientId?: string | undefined;
  /** The base URL of the service that knows the owners of personal access tokens. */
  readonly authApiBaseUrl?: string | undefined;
  /** A personal access token that takes precedence over the store. */
  readonly accessToken?: string | undefined;
}

export const defaultIssuer = 'https://auth.openai.com';
const defaultClientId = 'app_EMoamEEZ73f0CkXaXp7hrann';

export function clientIdOf(environment: AuthEnvironment): string {
  return environment.loginClientId ?? defaultClientId;
}

/** Returns the URL and the client id for refreshing tokens: those of their issuer, if that is known. */
export function refreshTarget(
  environment: AuthEnvironment,
  provenance: TokenProvenance | null,
): { url: string; clientId: string; dropsProvenance: boolean } {
  const own = refreshUrlOf(provenance?.issuer ?? defaultIssuer);
  const url = environment.refreshTokenUrl ?? own;
  return {
    url,
    clientId: provenance?.clientId ?? clientIdOf(environment),
    dropsProvenance: provenance !== null && url !== own,
  };
}

function refreshUrlOf(issuer: string): string {
  return `${issuer.replace(/\/+$/, '')}/oauth/token`;
}

/** Returns the URL for revoking tokens: next to the one for refreshing, unless the environment names another. */
export function revokeUrl({ revokeTokenUrl, refreshTokenUrl }: AuthEnvironment): string {
  if (revokeTokenUrl !== undefined) return revokeTokenUrl;
  const base =
    refreshTokenUrl !== undefined && URL.canParse(refreshTokenUrl) ? refreshTokenUrl : defaultIssuer;
  const url = new URL(base);
  url.pathname = '/oauth/revoke';
  url.search = '';
  url.hash = '';
  return url.href;
}

/** Returns the issuer of logins: as it is stored, and as a base for URLs, without a slash at its end. */
export function loginIssuer(environment: AuthEnvironment): { issuer: string; base: string } {
  const issuer = environment.loginIssuer ?? defaultIssuer;
  return { issuer, base: issuer.replace(/\/+$/, '') };
}

export function whoamiUrl({ authApiBaseUrl }: AuthEnvironment): string {
  const base = authApiBaseUrl ?? `${defaultIssuer}/api/accounts`;
  return `${base.replace(/\/+$/, '')}/v1/user-auth-credential/whoami`;
}
