import { AppError } from '../util/errors.js';
import { parseHttpUrl } from './endpoints.js';
import { exchange } from './http.js';
import { issuerHeaders, type IssuerContext } from './issuer.js';
import { withTimeLimit } from './time-limit.js';

export interface RevokeRequest {
  readonly url: string;
  readonly clientId: string;
  readonly token: string;
  readonly tokenType: 'refresh_token' | 'access_token';
}

/** Tells the issuer that a token is given up, once. Never throws: who gives one up goes on without an answer, too. */
export async function revokeToken(context: IssuerContext, request: RevokeRequest): Promise<void> {
  const { clock, log, revokeLimitMs: limitMs } = context;
  try {
    const { status } = await withTimeLimit({ clock, limitMs, message: 'no answer in time' }, (signal) =>
      exchange(context.connections, {
        method: 'POST',
        pool: 'writes',
        url: parseHttpUrl(request.url),
        headers: { ...issuerHeaders(context), 'content-type': 'application/json' },
        body: JSON.stringify({
          token: request.token,
          token_type_hint: request.tokenType,
          client_id: request.clientId,
        }),
        signal,
      }),
    );
    if (status < 200 || status > 299) log.warn(`the token was not revoked: status ${status}`);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    log.warn(`the token was not revoked: ${error.kind}`);
  }
}
