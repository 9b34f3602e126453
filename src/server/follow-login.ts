import type { Auth } from '../auth/create-auth.js';
import type { BackendClient } from '../backend/account/account-client.js';
import type { LimitsReader } from '../handlers/limits/limits-reader.js';
import type { Log } from '../util/log.js';
import { neverAborted } from '../util/never-aborted.js';
import type { PassOnHost } from './pass-on.js';

/**
 * Creates the function that follows a login or logout of the other server, so that our next read uses it. A login that
 * ours has begun is cancelled.
 */
export function createFollowLogin({
  auth,
  backend,
  limits,
  log,
}: {
  auth: Auth;
  backend: BackendClient;
  limits: LimitsReader;
  log: Log;
}): PassOnHost['followLogin'] {
  return async (change) => {
    try {
      if (change.kind !== 'reread') await auth.giveUpLogin(neverAborted);
      if (change.kind === 'hostTokens') await auth.signInWithHostTokens(change.params, neverAborted);
      if (change.kind === 'signedOut') {
        auth.dropHostTokens();
        backend.failReads();
      } else backend.separateReads();
      if (change.kind !== 'reread') await limits.invalidate();
      await auth.session.begin();
    } catch (error) {
      // The class alone: the message may hold anything.
      log.error(
        `a login of the upstream program was not followed: ${error instanceof Error ? error.name : ''}`,
      );
    }
  };
}
