import { AppError } from '../util/errors.js';
import { readJsonText } from '../util/reading.js';
import { type HttpReply, isSuccess } from './http.js';
import { askIssuer, type IssuerContext } from './issuer.js';
import { WireRefreshError, WireRenewedTokens } from './wire-issuer.js';

export interface RefreshRequest {
  readonly url: string;
  readonly clientId: string;
  readonly refreshToken: string;
  readonly reason: string;
}

/** The tokens that the issuer sent; one that it left out stays as it is. */
export type RenewedTokens = WireRenewedTokens;

export type RefreshResult =
  | { readonly kind: 'renewed'; readonly tokens: RenewedTokens }
  /** These credentials will not be taken again. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Nothing is known of the refresh token: it may have been used up. `reason` shows no secret. */
  | { readonly kind: 'failed'; readonly reason: string };

/** Asks for new tokens, once; auth.md 5. Never throws. */
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
