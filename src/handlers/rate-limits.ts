import { rateLimitsFromWire } from '../domain/rate-limits.js';
import { watchInterval } from '../limits/pace.js';
import type {
  GetAccountRateLimitsParams,
  GetAccountRateLimitsResponse,
  UnwatchAccountRateLimitsResponse,
  WatchAccountRateLimitsParams,
  WatchAccountRateLimitsResponse,
} from '../protocol/schema/rate-limits.js';
import type { AccountServices, RequestContext } from './request-context.js';
import type { ClientState } from './initialize.js';
import type { RateLimitsWatch } from './rate-limits-watch.js';

export function createRateLimitsHandlers({
  session,
  backend,
  client,
  watch,
}: AccountServices & { client: ClientState; watch: RateLimitsWatch }): {
  handleRateLimitsRead(
    params: GetAccountRateLimitsParams,
    context: RequestContext,
  ): Promise<GetAccountRateLimitsResponse>;
  handleRateLimitsWatch(
    params: WatchAccountRateLimitsParams,
    context: RequestContext,
  ): WatchAccountRateLimitsResponse;
  handleRateLimitsUnwatch(): UnwatchAccountRateLimitsResponse;
} {
  return {
    async handleRateLimitsRead(params, { signal }) {
      const supportsLunaReserve = params.supportsLunaReserve ?? false;
      const how = {
        supportsLunaReserve,
        withResetCredits: !(params.excludeResetCreditDetails ?? false),
        isFresh: params.includeUserId ?? false,
      };
      const authorization = await session.authorization('to read rate limits', signal);
      const reply = await backend.readRateLimits(authorization, how, signal);
      const answer = rateLimitsFromWire(reply);
      watch.note(answer, supportsLunaReserve);
      return params.includeUserId ? { ...answer, userId: reply.identity.userId } : answer;
    },
    handleRateLimitsWatch(params, { answered }) {
      const intervalSecs = watchInterval(params.intervalSecs);
      // The notifications would not be sent.
      if (!client.optedOut.has('account/rateLimits/updated')) watch.start(intervalSecs * 1000, answered);
      return { intervalSecs };
    },
    handleRateLimitsUnwatch() {
      watch.stop();
      return {};
    },
  };
}
