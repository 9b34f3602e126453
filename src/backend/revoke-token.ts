import { AppError } from '../util/errors.js';
import { isSuccess } from './http.js';
import { askIssuer, type IssuerContext } from './issuer.js';

export interface RevokeRequest {
  readonly url: string;
  readonly clientId: string;
  readonly token: string;
  readonly tokenType: 'refresh_token' | 'access_token';
}

/** Tells the issuer that a token is given up, once. Never throws: who gives one up goes on without an answer, too. */
export async function revokeToken(context: IssuerContext, request: RevokeRequest): Promise<void> {
  const { log, revokeLimitMs: limitMs } = context;
  const json = { token: request.token, token_type_hint: request.tokenType, client_id: request.clientId };
  try {
    const reply = await askIssuer(context, { url: request.url, limitMs, json });
    if (!isSuccess(reply)) log.warn(`the token was not revoked: status ${reply.status}`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn(`the token was not revoked: ${error.kind}`);
  }
}
