import { rateLimitsFromWire } from '../../domain/rate-limits.js';
import { watchInterval } from '../../limits/pace.js';
import type {
  GetAccountRateLimitsParams,
  GetAccountRateLimitsResponse,
  UnwatchAccountRateLimitsResponse,
  WatchAccountRateLimitsParams,
  WatchAccountRateLimitsResponse,
} from '../../protocol/schema/rate-limits.js';
import { AppError } from '../../util/errors.js';
import type { LimitsServices } from './limits-reader.js';
import type { RequestContext } from '../request-context.js';
import type { ClientState } from '../initialize.js';
import type { RateLimitsWatch } from './rate-limits-watch.js';

export function createRateLimitsHandlers({
  session,
  backend,
  limits,
  client,
  watch,
}: LimitsServices & { client: ClientState; watch: RateLimitsWatch }): {
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
      const withResetCredits = !(params.excludeResetCreditDetails ?? false);
      const includesUserId = params.includeUserId ?? false;
      const { maxAgeSecs = null } = params;
      if (maxAgeSecs !== null) {
        if (maxAgeSecs < 0) throw negative('maxAgeSecs');
        // A stored read does not name its user to callers that redeem on it.
        const ask = {
          supportsLunaReserve,
          withResetCredits,
          maxAgeMs: includesUserId ? 0 : maxAgeSecs * 1000,
        };
        const { answer, readAtMs, userId } = await limits.read(ask, signal);
        watch.note(answer, { supportsLunaReserve, readAtMs });
        return { ...answer, ...(includesUserId && { userId }), readAt: Math.floor(readAtMs / 1000) };
      }
      const how = { supportsLunaReserve, withResetCredits, isFresh: includesUserId };
      const authorization = await session.authorization('to read rate limits', signal);
      const reply = await backend.readRateLimits(authorization, how, signal);
      const answer = rateLimitsFromWire(reply);
      watch.note(answer, { supportsLunaReserve, readAtMs: reply.startedAtMs });
      return includesUserId ? { ...answer, userId: reply.identity.userId } : answer;
    },
    handleRateLimitsWatch(params, { answered }) {
      const intervalSecs = watchInterval(params.intervalSecs);
      // The notifications would not be sent.
      if (!client.optedOut.has('account/rateLimits/updated')) {
        watch.start({ intervalMs: intervalSecs * 1000, progress: params.progress ?? false }, answered);
      }
      return { intervalSecs };
    },
    handleRateLimitsUnwatch() {
      watch.stop();
      return {};
    },
  };
}

function negative(member: string): AppError {
  return new AppError('invalidRequest', `${member} must not be negative`, { details: { member } });
}
