import type { IssuedTokens } from '../../backend/issuer/code-exchange.js';
import { AppError } from '../../util/errors.js';
import { clientIdOf, loginIssuer } from '../environment.js';
import { readIdToken } from '../id-token.js';
import { workspaceProblem } from '../login-rules.js';
import { saveIssuedTokens } from './save-issued-login.js';
import type { LoginContext } from './flow.js';
import type { LoginProgress } from './progress.js';

/** Why a browser login failed: the page shows all of it, the client gets the message. */
export interface LoginFailure {
  readonly message: string;
  /** The issuer's error code. */
  readonly code?: string;
  /** The issuer's description of the error. */
  readonly description?: string;
}

export type CallbackOutcome =
  | { readonly kind: 'stored'; readonly tokens: IssuedTokens }
  | { readonly kind: 'failed'; readonly failure: LoginFailure };

export interface LoginCallback {
  /** The query of the issuer's redirect, with a checked state. */
  readonly query: URLSearchParams;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly progress: LoginProgress;
}

/** Turns the issuer's redirect into a stored login. If that fails, the login that was stored before stays. */
export async function completeLogin(
  context: LoginContext,
  callback: LoginCallback,
): Promise<CallbackOutcome> {
  const { query, codeVerifier, redirectUri, progress } = callback;
  const { signal } = progress;
  const refused = refusal(query);
  if (refused) return { kind: 'failed', failure: refused };
  const code = query.get('code');
  if (!code) return failed('Missing authorization code. Sign-in could not be completed.');

  const request = {
    issuerBase: loginIssuer(context.environment).base,
    clientId: clientIdOf(context.environment),
    signal,
  };
  const exchanged = await context.issuer.exchangeCode({ ...request, code, codeVerifier, redirectUri });
  if (exchanged.kind === 'failed') return failed(`Token exchange failed: ${exchanged.reason}`);
  const { tokens } = exchanged;
  const problem = workspaceProblem(context, readIdToken(tokens.idToken)?.accountId ?? null);
  if (problem !== undefined) return failed(problem);
  const apiKey = await context.issuer.exchangeApiKey({ ...request, idToken: tokens.idToken });

  if (signal.aborted) return failed('Login was not completed');
  progress.storing();
  try {
    await saveIssuedTokens(context, { tokens, apiKey }, progress.storeSignal);
    progress.stored();
    return { kind: 'stored', tokens };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    // The login was given up during the wait for other programs, and ends with that reason.
    if (progress.storeSignal.aborted) progress.fail(error.message);
    return failed(error.message);
  }
}

function failed(message: string): CallbackOutcome {
  return { kind: 'failed', failure: { message } };
}

/** Returns the failure that the issuer reports instead of a code. */
function refusal(query: URLSearchParams): LoginFailure | undefined {
  const code = query.get('error');
  if (code === null) return undefined;
  const description = query.get('error_description') ?? '';
  const shown = description.trim() === '' ? { code } : { code, description };
  if (code === 'access_denied' && /missing_codex_entitlement/i.test(description)) {
    return {
      ...shown,
      message:
        'Codex is not enabled for your workspace. Contact your workspace administrator to request access to Codex.',
    };
  }
  return { ...shown, message: `Sign-in failed: ${shown.description ?? code}` };
}
