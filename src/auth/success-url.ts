import { queryText } from './authorize-url.js';
import { defaultIssuer } from './environment.js';
import type { IssuedTokens } from '../backend/code-exchange.js';
import { readSetupClaims } from './id-token.js';

/** How a browser login ends on the screen. */
export interface LoginEnding {
  /** Whether the client asks for the short way. */
  readonly codexStreamlinedLogin: boolean;
  /** Whether ChatGPT shows the last page, which opens the app. */
  readonly useHostedLoginSuccessPage: boolean;
  /** Whose app that page opens. */
  readonly appBrand: 'codex' | 'chatgpt' | null;
}

/** Where the browser goes once the login is stored, if this program shows the last page; auth.md 6. */
export function successUrl(
  { idToken, accessToken }: IssuedTokens,
  { origin, issuer, ending }: { origin: string; issuer: string; ending: LoginEnding },
): string {
  const claims = readSetupClaims(idToken);
  const parameters = {
    id_token: idToken,
    needs_setup: String(claims.needsSetup),
    org_id: claims.organizationId,
    project_id: claims.projectId,
    plan_type: readSetupClaims(accessToken).planType,
    platform_url:
      issuer === defaultIssuer ? 'https://platform.openai.com' : 'https://platform.api.openai.org',
    ...(ending.codexStreamlinedLogin && { codex_streamlined_login: 'true' }),
  };
  return `${origin}/success?${queryText(parameters)}`;
}

export function hostedSuccessUrl({ appBrand }: LoginEnding): string {
  return `https://chatgpt.com/codex/open-app?source=login&app_brand=${appBrand ?? 'codex'}`;
}
