import { AppError } from '../../util/errors.js';
import { readJsonText } from '../../util/json/reading.js';
import { type HttpReply, isSuccess } from '../http/reply.js';
import { askIssuer, type IssuerContext } from './ask-issuer.js';
import { WireRefreshError, WireRenewedTokens } from './wire-issuer.js';

export interface RefreshRequest {
  readonly url: string;
  readonly clientId: string;
  readonly refreshToken: string;
  readonly reason: string;
}

/** The tokens that the issuer sent. One that it left out stays as it is. */
export type RenewedTokens = WireRenewedTokens;

export type RefreshResult =
  | { readonly kind: 'renewed'; readonly tokens: RenewedTokens }
  /** The issuer will not accept these credentials again. */
  | { readonly kind: 'refused'; readonly code: string }
  /** The refresh token may have been used up, or not. `reason` shows no secret. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks for new tokens, once. Never throws. */
export async function refreshTokens(context: IssuerContext, request: RefreshRequest): Promise<RefreshResult> {
  const json = {
    client_id: request.clientId,
    grant_type: 'refresh_token',
    refresh_reason: request.reason,
    refresh_token: request.refreshToken,
  };
  try {
    return resultOf(await askIssuer(context, { url: request.url, limitMs: context.refreshLimitMs, json }));
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'failed', reason: error.kind === 'timedOut' ? error.message : 'no answer' };
  }
}

function resultOf(reply: HttpReply): RefreshResult {
  if (isSuccess(reply)) {
    const read = reply.isCut ? undefined : readJsonText(WireRenewedTokens, reply.text);
    if (read) return { kind: 'renewed', tokens: read };
    return { kind: 'failed', reason: 'the reply cannot be read' };
  }
  const code = refusalCode(reply.text);
  if (reply.status === 401 || finalCodes.has(code)) {
    return { kind: 'refused', code: finalCodes.has(code) ? code : 'unauthorized' };
  }
  return { kind: 'failed', reason: `status ${reply.status}` };
}

const finalCodes = new Set([
  'refresh_token_expired',
  'refresh_token_reused',
  'refresh_token_invalidated',
  'invalid_grant',
]);

function refusalCode(text: string): string {
  const { error, code } = readJsonText(WireRefreshError, text) ?? {};
  return ((typeof error === 'string' ? error : error?.code) ?? code ?? '').toLowerCase();
}

export interface RevokeRequest {
  readonly url: string;
  readonly clientId: string;
  readonly token: string;
  readonly tokenType: 'refresh_token' | 'access_token';
}

/**
 * Asks the issuer to revoke a token, once. Resolves with the reason if that fails, which is logged, too. Never throws,
 * because a logout goes on without it.
 */
export async function revokeToken(
  context: IssuerContext,
  request: RevokeRequest,
): Promise<string | undefined> {
  const { log, revokeLimitMs: limitMs } = context;
  const { token, tokenType, clientId } = request;
  const named = { token, token_type_hint: tokenType };
  // As in Codex, only a refresh token is revoked in the name of a client.
  const json = tokenType === 'refresh_token' ? { ...named, client_id: clientId } : named;
  try {
    const reply = await askIssuer(context, { url: request.url, limitMs, json });
    if (isSuccess(reply)) return undefined;
    log.warn(`the token was not revoked: status ${reply.status}`);
    return `the issuer answered with status ${reply.status}`;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn(`the token was not revoked: ${error.kind}`);
    return error.details.explanation ?? error.message;
  }
}
