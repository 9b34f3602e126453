import { backendIdentity } from '../auth/identity.js';
import type { Session } from '../auth/session.js';
import type { BackendClient } from '../backend/client.js';
import { rateLimitsFromWire } from '../domain/rate-limits.js';
import type { GetAccountRateLimitsParams, GetAccountRateLimitsResponse } from '../protocol/rate-limits.js';
import type { Call } from './call.js';

export function createRateLimitsHandlers({
  session,
  backend,
}: {
  session: Session;
  backend: BackendClient;
}): {
  handleRateLimitsRead(params: GetAccountRateLimitsParams, call: Call): Promise<GetAccountRateLimitsResponse>;
} {
  return {
    async handleRateLimitsRead(params, { signal }) {
      const identity = backendIdentity(await session.login(), 'to read rate limits');
      const { usage, resetCredits } = await backend.readRateLimits(
        identity,
        {
          supportsLunaReserve: params.supportsLunaReserve ?? false,
          withResetCredits: !(params.excludeResetCreditDetails ?? false),
        },
        signal,
      );
      return rateLimitsFromWire(usage, resetCredits, identity);
    },
  };
}
