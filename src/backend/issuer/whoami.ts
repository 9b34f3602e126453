import { AppError } from '../../util/errors.js';
import { readJsonText } from '../../util/json/reading.js';
import { type HttpReply, isSuccess } from '../http/reply.js';
import { reasonPhrase } from '../request/failure.js';
import { isHeaderValue } from '../request/identity.js';
import { askIssuer, type IssuerContext } from './ask-issuer.js';
import { WireWhoami } from './wire-issuer.js';

export type WhoamiResult =
  | { readonly kind: 'found'; readonly owner: WireWhoami }
  /** `reason` is a text of Codex, and shows no secret. `refused`: the issuer does not know the token. */
  | { readonly kind: 'failed' | 'refused'; readonly reason: string };

/** Asks for the owner of a personal access token, once. Never throws. */
export async function readWhoami(
  context: IssuerContext,
  url: string,
  bearerToken: string,
): Promise<WhoamiResult> {
  if (!isHeaderValue(bearerToken)) {
    return failedRequest('failed to build route-aware request: failed to parse header value');
  }
  let reply: HttpReply;
  try {
    reply = await askIssuer(context, { url, limitMs: context.whoamiLimitMs, bearerToken });
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return failedRequest(error.message);
  }
  if (!isSuccess(reply)) {
    const { status } = reply;
    const reason = `personal access token metadata request failed with status ${status} ${reasonPhrase(status)}`;
    return { kind: status === 401 ? 'refused' : 'failed', reason };
  }
  const owner = readJsonText(WireWhoami, reply.text);
  if (owner) return { kind: 'found', owner };
  const reason = 'failed to decode personal access token metadata: error decoding response body';
  return { kind: 'failed', reason };
}

function failedRequest(why: string): WhoamiResult {
  return { kind: 'failed', reason: `failed to request personal access token metadata: ${why}` };
}
