import { AppError } from '../util/errors.js';
import { readJsonText } from '../util/reading.js';
import { parseHttpUrl } from './endpoints.js';
import { exchange } from './http.js';
import { setHeader } from './identity.js';
import { issuerHeaders, type IssuerContext } from './issuer.js';
import { withTimeLimit } from './time-limit.js';
import { WireWhoami } from './wire-issuer.js';

/** Whom a personal access token is of; undefined where that cannot be found out. auth.md 2. */
export async function readWhoami(
  context: IssuerContext,
  url: string,
  token: string,
): Promise<WireWhoami | undefined> {
  const { clock, whoamiLimitMs: limitMs } = context;
  try {
    const reply = await withTimeLimit({ clock, limitMs, message: 'no answer in time' }, (signal) => {
      const headers = issuerHeaders(context);
      setHeader(headers, 'authorization', `Bearer ${token}`);
      return exchange(context.connections, {
        method: 'GET',
        pool: 'reads',
        url: parseHttpUrl(url),
        headers,
        signal,
      });
    });
    if (reply.status < 200 || reply.status > 299) return undefined;
    return readJsonText(WireWhoami, reply.text);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
