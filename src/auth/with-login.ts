import type { BackendIdentity } from '../backend/identity.js';
import { AppError } from '../util/errors.js';
import { backendIdentity } from './identity.js';
import type { Session } from './session.js';

/**
 * Does `work` as the login that is stored. When the backend refuses it with 401 although auth.json by now holds other
 * tokens of the same account, the work is done once more with those; D2.
 *
 * @param purpose how the refusal ends where nobody is signed in: `to read rate limits`
 * @throws AppError `authRequired`, `authFileInvalid`, and what `work` throws
 */
export async function withLogin<T>(
  session: Session,
  purpose: string,
  work: (identity: BackendIdentity) => Promise<T>,
): Promise<T> {
  const identity = backendIdentity(await session.login(), purpose);
  try {
    return await work(identity);
  } catch (error) {
    if (!isUnauthorized(error)) throw error;
    const renewed = await renewedIdentity(session, identity);
    if (!renewed) throw error;
    return work(renewed).catch((second: unknown) => {
      throw isUnauthorized(second) ? error : second;
    });
  }
}

function isUnauthorized(error: unknown): boolean {
  return error instanceof AppError && error.kind === 'unauthorized';
}

/** What auth.json says now, if it is about the same account and has another token. */
async function renewedIdentity(
  session: Session,
  identity: BackendIdentity,
): Promise<BackendIdentity | undefined> {
  const login = await session.login();
  if (login.kind !== 'chatgpt') return undefined;
  const renewed = backendIdentity(login, '');
  const isOther = renewed.accessToken !== identity.accessToken && renewed.accountId === identity.accountId;
  return isOther ? renewed : undefined;
}
