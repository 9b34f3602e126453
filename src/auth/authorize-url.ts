import type { LoginContext } from './login-flow.js';
import { clientIdOf, loginIssuer } from './environment.js';
import type { LoginSecrets } from './pkce.js';

/** Where a browser login begins; auth.md 6. */
export function authorizeUrl(context: LoginContext, secrets: LoginSecrets, redirectUri: string): string {
  const { environment, originator, allowedWorkspaces } = context;
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
  };
  return `${loginIssuer(environment).base}/oauth/authorize?${queryText(parameters)}`;
}

/** A space is `%20`, which every reader of a query understands. */
export function queryText(parameters: Readonly<Record<string, string>>): string {
  return new URLSearchParams(parameters).toString().replaceAll('+', '%20');
}
