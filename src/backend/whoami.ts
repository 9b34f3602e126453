import { AppError } from '../util/errors.js';
import { readJsonText } from '../util/reading.js';
import { isSuccess } from './http.js';
import { askIssuer, type IssuerContext } from './issuer.js';
import { WireWhoami } from './wire-issuer.js';

/** Whom a personal access token is of; undefined where that cannot be found out. auth.md 2. */
export async function readWhoami(
  context: IssuerContext,
  url: string,
  token: string,
): Promise<WireWhoami | undefined> {
  const { whoamiLimitMs: limitMs } = context;
  try {
    const reply = await askIssuer(context, { url, limitMs, bearerToken: token });
    return isSuccess(reply) ? readJsonText(WireWhoami, reply.text) : undefined;
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}
