import type { Clock } from '../../util/clock.js';
import type { Log } from '../../util/log.js';
import { type ChatgptLogin, tokensKey } from '../credentials.js';
import { isRefreshable } from './refresh-reason.js';

/** Returns a function that reports, once for each token, that a login has expired for which no issuer can be asked. */
export function createExpiryReport({
  clock,
  log,
}: {
  clock: Clock;
  log: Log;
}): (login: ChatgptLogin) => void {
  let reported: string | undefined;
  return (login) => {
    const { tokens } = login;
    if (!tokens || isRefreshable(login)) return;
    const { expiresAtMs } = tokens;
    if (expiresAtMs === null || clock.nowMs() < expiresAtMs || reported === tokensKey(tokens)) return;
    reported = tokensKey(tokens);
    log.error(
      'the access token has expired, and this login cannot be refreshed here: store a new token, or sign in again',
    );
  };
}
