import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import { readJsonText } from '../util/reading.js';
import type { Log } from '../util/log.js';
import type { HttpConnections } from './connections.js';
import { parseHttpUrl } from './endpoints.js';
import { exchange, type HttpReply } from './http.js';
import { setHeader } from './identity.js';
import { withTimeLimit } from './time-limit.js';
import { WireRefreshError, WireRenewedTokens } from './wire-issuer.js';

/** What the requests to an issuer have in common. */
export interface IssuerContext {
  readonly connections: HttpConnections;
  readonly clock: Clock;
  readonly userAgent: () => string;
  /** The name of the client, as initialize gave it. */
  readonly originator: () => string;
  readonly refreshLimitMs: number;
  readonly whoamiLimitMs: number;
  readonly codeExchangeLimitMs: number;
  /** Of each request of a device login. */
  readonly deviceCodeLimitMs: number;
  readonly revokeLimitMs: number;
  readonly log: Log;
}

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
  const limit = {
    clock: context.clock,
    limitMs: context.refreshLimitMs,
    message: 'no answer in time',
  };
  try {
    const reply = await withTimeLimit(limit, (signal) =>
      exchange(context.connections, {
        method: 'POST',
        pool: 'writes',
        url: parseHttpUrl(request.url),
        headers: { ...issuerHeaders(context), 'content-type': 'application/json' },
        body: JSON.stringify({
          client_id: request.clientId,
          grant_type: 'refresh_token',
          refresh_reason: request.reason,
          refresh_token: request.refreshToken,
        }),
        signal,
      }),
    );
    return resultOf(reply);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { kind: 'failed', reason: error.kind === 'timedOut' ? error.message : 'no answer' };
  }
}

export function issuerHeaders(context: IssuerContext): Record<string, string> {
  const headers: Record<string, string> = { accept: '*/*' };
  setHeader(headers, 'originator', context.originator());
  setHeader(headers, 'user-agent', context.userAgent());
  return headers;
}

function resultOf(reply: HttpReply): RefreshResult {
  if (reply.status >= 200 && reply.status <= 299) {
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
