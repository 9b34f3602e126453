import { withLogin } from '../auth/with-login.js';
import { rateLimitsFromWire } from '../domain/rate-limits.js';
import type { GetAccountRateLimitsParams, GetAccountRateLimitsResponse } from '../protocol/rate-limits.js';
import type { AccountServices, Call } from './call.js';

export function createRateLimitsHandlers({ session, backend }: AccountServices): {
  handleRateLimitsRead(params: GetAccountRateLimitsParams, call: Call): Promise<GetAccountRateLimitsResponse>;
} {
  return {
    async handleRateLimitsRead(params, { signal }) {
      const how = {
        supportsLunaReserve: params.supportsLunaReserve ?? false,
        withResetCredits: !(params.excludeResetCreditDetails ?? false),
      };
      return withLogin(session, 'to read rate limits', async (identity) => {
        const { usage, resetCredits } = await backend.readRateLimits(identity, how, signal);
        return rateLimitsFromWire(usage, resetCredits, identity);
      });
    },
  };
}
