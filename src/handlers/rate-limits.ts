import { backendIdentity } from '../auth/identity.js';
import { rateLimitsFromWire } from '../domain/rate-limits.js';
import type { GetAccountRateLimitsParams, GetAccountRateLimitsResponse } from '../protocol/rate-limits.js';
import type { AccountServices, Call } from './call.js';

export function createRateLimitsHandlers({ session, backend }: AccountServices): {
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
