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
      const authorization = await session.authorization('to read rate limits', signal);
      const { usage, resetCredits, identity } = await backend.readRateLimits(authorization, how, signal);
      return rateLimitsFromWire(usage, resetCredits, identity);
    },
  };
}
