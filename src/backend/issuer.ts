import type { Clock } from '../util/clock.js';
import type { Log } from '../util/log.js';
import type { HttpConnections } from './connections.js';
import { parseHttpUrl } from './endpoints.js';
import { exchange, type HttpReply } from './http.js';
import { setHeader } from './identity.js';
import { withTimeLimit } from './time-limit.js';

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

export interface IssuerRequest {
  readonly url: string;
  readonly limitMs: number;
  /** Either of them makes it a POST. */
  readonly json?: object;
  readonly form?: Readonly<Record<string, string>>;
  readonly bearerToken?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request to an issuer, once; any status is a reply.
 *
 * @throws AppError as `exchange`, and `timedOut`; its message holds nothing of the body
 * @throws the signal's reason once it is aborted
 */
export function askIssuer(context: IssuerContext, request: IssuerRequest): Promise<HttpReply> {
  const { url, limitMs, json, form, signal } = request;
  const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString();
  const limit = { clock: context.clock, limitMs, message: 'no answer in time', signal };
  return withTimeLimit(limit, (limitedSignal) =>
    exchange(context.connections, {
      ...(body === undefined ? { method: 'GET', pool: 'reads' } : { method: 'POST', pool: 'writes' }),
      url: parseHttpUrl(url),
      headers: headersOf(context, request),
      body,
      signal: limitedSignal,
    }),
  );
}

function headersOf(
  context: IssuerContext,
  { json, form, bearerToken }: IssuerRequest,
): Record<string, string> {
  const headers: Record<string, string> = { accept: '*/*' };
  setHeader(headers, 'originator', context.originator());
  setHeader(headers, 'user-agent', context.userAgent());
  if (bearerToken !== undefined) setHeader(headers, 'authorization', `Bearer ${bearerToken}`);
  if (json) headers['content-type'] = 'application/json';
  else if (form) headers['content-type'] = 'application/x-www-form-urlencoded';
  return headers;
}
