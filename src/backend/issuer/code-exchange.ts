import { AppError } from '../../util/errors.js';
import { readJsonText } from '../../util/json/reading.js';
import { echoedText, reasonPhrase } from '../request/failure.js';
import { type HttpReply, isSuccess } from '../http/reply.js';
import { askIssuer, type IssuerContext } from './ask-issuer.js';
import { WireApiKey, WireIssuedTokens, WireTokenRefusal } from './wire-issuer.js';

export interface CodeExchangeRequest {
  /** The issuer's URL without a slash at its end. */
  readonly issuerBase: string;
  readonly clientId: string;
  readonly code: string;
  readonly codeVerifier: string;
  readonly redirectUri: string;
  /** Ends the exchange; that is a failure like any other. */
  readonly signal?: AbortSignal;
}

export interface IssuedTokens {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

export type CodeExchangeResult =
  | { readonly kind: 'issued'; readonly tokens: IssuedTokens }
  /** `reason` is the reference's text, such as `OAuth token response is invalid`, and shows no secret. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Exchanges an authorization code for tokens, once. Never throws. */
export async function exchangeCode(
  context: IssuerContext,
  { issuerBase, clientId, code, codeVerifier, redirectUri, signal }: CodeExchangeRequest,
): Promise<CodeExchangeResult> {
  const secrets = [code, codeVerifier];
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    client_id: clientId,
    code_verifier: codeVerifier,
  };
  try {
    const reply = await postForm(context, { issuerBase, form, signal });
    if (!isSuccess(reply)) return { kind: 'failed', reason: refusalText(reply, secrets) };
    const read = reply.isCut ? undefined : readJsonText(WireIssuedTokens, reply.text);
    if (!read) return { kind: 'failed', reason: 'OAuth token response is invalid' };
    const { id_token: idToken, access_token: accessToken, refresh_token: refreshToken } = read;
    return { kind: 'issued', tokens: { idToken, accessToken, refreshToken } };
  } catch (error) {
    if (signal?.aborted) return { kind: 'failed', reason: 'OAuth token request failed: given up' };
    if (!(error instanceof AppError)) throw error;
    return { kind: 'failed', reason: `OAuth token request failed: ${error.message}` };
  }
}

export interface ApiKeyExchangeRequest extends Pick<
  CodeExchangeRequest,
  'issuerBase' | 'clientId' | 'signal'
> {
  readonly idToken: string;
}

/** Asks for the API key that some logins come with. Resolves with null if it gets none. Never throws. */
export async function exchangeApiKey(
  context: IssuerContext,
  { issuerBase, clientId, idToken, signal }: ApiKeyExchangeRequest,
): Promise<string | null> {
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    client_id: clientId,
    requested_token: 'openai-api-key',
    subject_token: idToken,
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  };
  try {
    const reply = await postForm(context, { issuerBase, form, signal });
    if (!isSuccess(reply) || reply.isCut) return null;
    return readJsonText(WireApiKey, reply.text)?.access_token ?? null;
  } catch (error) {
    if (error instanceof AppError || signal?.aborted) return null;
    throw error;
  }
}

function postForm(
  context: IssuerContext,
  {
    issuerBase,
    ...request
  }: { issuerBase: string; form: Record<string, string>; signal: AbortSignal | undefined },
): Promise<HttpReply> {
  const { codeExchangeLimitMs: limitMs } = context;
  return askIssuer(context, { url: `${issuerBase}/oauth/token`, limitMs, ...request });
}

function refusalText(reply: HttpReply, secrets: readonly string[]): string {
  const reason = reasonText(reply.text.trim());
  const shown = echoedText({ text: reason, isCut: reply.isCut }, secrets);
  return `token endpoint returned status ${reply.status} ${reasonPhrase(reply.status)}: ${shown}`;
}

function reasonText(text: string): string {
  const refusal = readJsonText(WireTokenRefusal, text);
  const error = refusal?.error;
  const named = typeof error === 'string' ? [error] : [error?.message, error?.code];
  const texts = [refusal?.error_description, ...named, text];
  return texts.find((candidate) => candidate && candidate.trim() !== '') ?? 'unknown error';
}
