import { randomBytes } from 'node:crypto';
import type { IssuedTokens } from '../../backend/issuer/code-exchange.js';
import { AppError } from '../../util/errors.js';
import { clientIdOf, loginIssuer } from '../environment.js';
import { readIdToken } from '../id-token.js';
import { storeProblem } from '../store/store-failure.js';
import type { LoginContext } from './flow.js';

/**
 * Stores the tokens that the issuer has granted.
 *
 * @param signal ends the wait for other programs with its reason
 * @throws AppError `loginFailed`, with its reason in the log; the signal's reason
 */
export async function saveIssuedTokens(
  { environment, save, log }: LoginContext,
  { tokens, apiKey }: { tokens: IssuedTokens; apiKey: string | null },
  signal: AbortSignal,
): Promise<void> {
  const login = {
    ...tokens,
    apiKey,
    provenance: { issuer: loginIssuer(environment).issuer, clientId: clientIdOf(environment) },
    ownerId: randomBytes(32).toString('base64url'),
  };
  try {
    if (!readIdToken(tokens.idToken)) throw new AppError('loginFailed', 'invalid ID token format');
    await save(login, signal);
  } catch (cause) {
    if (signal.aborted && cause === signal.reason) throw cause;
    log.alert(`cannot store the login: ${cause instanceof AppError ? cause.message : storeProblem(cause)}`);
    throw new AppError('loginFailed', 'Sign-in completed but credentials could not be saved locally.', {
      cause,
    });
  }
}
