import type { IssuedTokens } from '../backend/code-exchange.js';
import { AppError } from '../util/errors.js';
import { clientIdOf, loginIssuer } from './environment.js';
import { saveIssuedTokens, workspaceProblem } from './issued-login.js';
import type { LoginContext } from './login-flow.js';
import type { LoginProgress } from './login-progress.js';

/** Why a browser login has failed, for the page; `message` is for the client too. */
export interface LoginFailure {
  readonly message: string;
  /** The issuer's word for it, and what it says beyond that. */
  readonly code?: string;
  readonly description?: string;
}

export type CallbackOutcome =
  | { readonly kind: 'stored'; readonly tokens: IssuedTokens }
  | { readonly kind: 'failed'; readonly failure: LoginFailure };

export interface LoginCallback {
  /** What the issuer has sent with the browser, whose state has been checked. */
  readonly query: URLSearchParams;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  readonly progress: LoginProgress;
}

/** Turns the answer of the issuer into a stored login; auth.md 6. What was stored before stays where that fails. */
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
  const problem = workspaceProblem(context, tokens.idToken);
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
    // Given up while other programs were waited for: it ends with the word for that.
    if (progress.storeSignal.aborted) progress.fail(error.message);
    return failed(error.message);
  }
}

function failed(message: string): CallbackOutcome {
  return { kind: 'failed', failure: { message } };
}

/** What the issuer says instead of a code. */
function refusal(query: URLSearchParams): LoginFailure | undefined {
  const code = query.get('error');
  if (code === null) return undefined;
  const description = query.get('error_description') ?? '';
  const told = description.trim() === '' ? { code } : { code, description };
  if (code === 'access_denied' && /missing_codex_entitlement/i.test(description)) {
    return {
      ...told,
      message:
        'Codex is not enabled for your workspace. Contact your workspace administrator to request access to Codex.',
    };
  }
  return { ...told, message: `Sign-in failed: ${told.description ?? code}` };
}
