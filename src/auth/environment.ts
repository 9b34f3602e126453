import type { TokenProvenance } from './credentials.js';

/** What the environment says about logins; auth.md 1. A variable that is not set or empty is undefined. */
export interface AuthEnvironment {
  /** The whole URLs of refresh and revoke. */
  readonly refreshTokenUrl?: string | undefined;
  readonly revokeTokenUrl?: string | undefined;
  /** Of browser and device logins. */
  readonly loginIssuer?: string | undefined;
  readonly loginClientId?: string | undefined;
  /** The base of the service that knows personal access tokens. */
  readonly authApiBaseUrl?: string | undefined;
  /** A credential that beats whatever is stored. */
  readonly accessToken?: string | undefined;
}

const defaultIssuer = 'https://auth.openai.com';
const defaultClientId = 'app_EMoamEEZ73f0CkXaXp7hrann';

export function clientIdOf(environment: AuthEnvironment): string {
  return environment.loginClientId ?? defaultClientId;
}

/** Where and as which client these tokens are refreshed: by who issued them, where that is known. */
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

/** Where tokens are revoked: beside where they are refreshed, unless the environment says more. */
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

/** The issuer of logins as it is stored, and without a slash at its end as URLs are made of it. */
export function loginIssuer(environment: AuthEnvironment): { issuer: string; base: string } {
  const issuer = environment.loginIssuer ?? defaultIssuer;
  return { issuer, base: issuer.replace(/\/+$/, '') };
}

export function whoamiUrl({ authApiBaseUrl }: AuthEnvironment): string {
  const base = authApiBaseUrl ?? `${defaultIssuer}/api/accounts`;
  return `${base.replace(/\/+$/, '')}/v1/user-auth-credential/whoami`;
}
