import { randomBytes } from 'node:crypto';
import type { IssuedTokens } from '../backend/code-exchange.js';
import { AppError } from '../util/errors.js';
import { clientIdOf, loginIssuer } from './environment.js';
import { readIdToken } from './id-token.js';
import type { LoginContext } from './login-flow.js';

/** Why config.toml rules out the account that has signed in; undefined where it does not. */
export function workspaceProblem({ allowedWorkspaces }: LoginContext, idToken: string): string | undefined {
  if (allowedWorkspaces === undefined) return undefined;
  const accountId = readIdToken(idToken)?.accountId ?? null;
  if (accountId === null) {
    return 'Login is restricted to a specific workspace, but the token did not include an chatgpt_account_id claim.';
  }
  if (allowedWorkspaces.includes(accountId)) return undefined;
  return `Login is restricted to workspace id(s) ${allowedWorkspaces.join(', ')}.`;
}

/**
 * Stores what the issuer of logins has granted.
 *
 * @throws AppError `loginFailed` for an id token that could not be read back; the error of the store
 */
export async function saveIssuedTokens(
  { environment, save }: LoginContext,
  tokens: IssuedTokens,
  apiKey: string | null,
): Promise<void> {
  if (!readIdToken(tokens.idToken)) throw new AppError('loginFailed', 'invalid ID token format');
  await save({
    ...tokens,
    apiKey,
    provenance: { issuer: loginIssuer(environment).issuer, clientId: clientIdOf(environment) },
    ownerId: randomBytes(32).toString('base64url'),
  });
}
