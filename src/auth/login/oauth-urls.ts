import { createHash, randomBytes } from 'node:crypto';
import type { IssuedTokens } from '../../backend/issuer/code-exchange.js';
import { clientIdOf, defaultIssuer, loginIssuer } from '../environment.js';
import { readSetupClaims } from '../id-token.js';
import type { LoginContext } from './flow.js';

/** Tie the browser's answer to the login that asked for it (RFC 7636, method S256). All of them are base64url. */
export interface LoginSecrets {
  /** 43 characters. */
  readonly state: string;
  /** 86 characters. */
  readonly codeVerifier: string;
  /** The SHA-256 of the verifier: 43 characters. */
  readonly codeChallenge: string;
}

/** Creates the secrets of one login. */
export function createLoginSecrets(): LoginSecrets {
  const codeVerifier = randomBytes(64).toString('base64url');
  return {
    state: randomBytes(32).toString('base64url'),
    codeVerifier,
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  };
}

/** Returns the issuer's page on which a browser login begins. */
export function authorizeUrl(context: LoginContext, secrets: LoginSecrets, redirectUri: string): string {
  const { environment, originator, allowedWorkspaces, workspace } = context;
  const hints = {
    current_workspace_id: workspace?.currentAccountId,
    login_hint: workspace?.email,
    connection: workspace?.connection,
  };
  const parameters = {
    response_type: 'code',
    client_id: clientIdOf(environment),
    redirect_uri: redirectUri,
    scope: 'openid profile email offline_access api.connectors.read api.connectors.invoke',
    code_challenge: secrets.codeChallenge,
    code_challenge_method: 'S256',
    id_token_add_organizations: 'true',
    codex_cli_simplified_flow: 'true',
    state: secrets.state,
    originator,
    ...(allowedWorkspaces && { allowed_workspace_id: allowedWorkspaces.join(',') }),
    ...Object.fromEntries(Object.entries(hints).filter(isKnown)),
  };
  return `${loginIssuer(environment).base}/oauth/authorize?${queryText(parameters)}`;
}

function isKnown(entry: [string, string | null | undefined]): entry is [string, string] {
  return typeof entry[1] === 'string';
}

/** How a browser login ends on the screen. */
export interface LoginEnding {
  /** Whether the client asks for the shorter login. */
  readonly codexStreamlinedLogin: boolean;
  /** Whether ChatGPT shows the last page, which opens the app. */
  readonly useHostedLoginSuccessPage: boolean;
  /** The app that ChatGPT's last page opens. */
  readonly appBrand: 'codex' | 'chatgpt' | null;
}

/** Returns the URL of our own last page, with what Codex's page is given about the account. */
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

/** Returns the URL of ChatGPT's last page. */
export function hostedSuccessUrl({ appBrand }: LoginEnding): string {
  return `https://chatgpt.com/codex/open-app?source=login&app_brand=${appBrand ?? 'codex'}`;
}

/** Writes a space as `%20`, which every reader of a query understands. */
function queryText(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString().replaceAll('+', '%20');
}
