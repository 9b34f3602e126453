import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';
import type { HttpConnections } from '../http/connections.js';
import type { HttpReply } from '../http/reply.js';
import { parseHttpUrl } from '../http/url.js';
import { setHeader } from '../request/identity.js';
import { startTimeLimit } from '../request/time-limit.js';

/** The options that all requests to an issuer share. */
export interface IssuerContext {
  readonly connections: HttpConnections;
  readonly clock: Clock;
  readonly userAgent: () => string;
  /** The name of the client, as initialize gave it. */
  readonly originator: () => string;
  readonly refreshLimitMs: number;
  readonly whoamiLimitMs: number;
  readonly codeExchangeLimitMs: number;
  /** Each request of a device login. */
  readonly deviceCodeLimitMs: number;
  readonly revokeLimitMs: number;
  readonly log: Log;
}

export interface IssuerRequest {
  readonly url: string;
  readonly limitMs: number;
  /** `json` or `form` makes it a POST. */
  readonly json?: object;
  readonly form?: Readonly<Record<string, string>>;
  readonly bearerToken?: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Sends one request to an issuer, once. A reply of any status is returned.
 *
 * @throws AppError as `HttpConnections.exchange`, and `timedOut`; its message shows nothing of the body
 * @throws the signal's reason once it is aborted
 */
export async function askIssuer(context: IssuerContext, request: IssuerRequest): Promise<HttpReply> {
  const { clock, connections } = context;
  const { limitMs, json, form, signal } = request;
  const body = json ? JSON.stringify(json) : form && new URLSearchParams(form).toString();
  const limit = startTimeLimit({ clock, limitMs, message: 'no answer in time', signal });
  try {
    return await connections.exchange({
      ...(body === undefined ? { method: 'GET', isRead: true } : { method: 'POST', isRead: false }),
      url: parseHttpUrl(request.url),
      headers: headersOf(context, request),
      body,
      signal: limit.signal,
    });
  } finally {
    limit.end();
  }
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
