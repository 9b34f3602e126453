import { outcomeFromWire } from '../../domain/reset-credits.js';
import type {
  ConsumeAccountRateLimitResetCreditParams,
  ConsumeAccountRateLimitResetCreditResponse,
} from '../../protocol/schema/reset-credits.js';
import { AppError } from '../../util/errors.js';
import type { LimitsServices } from './limits-reader.js';
import type { RequestContext } from '../request-context.js';

export function createResetCreditsHandlers({ session, backend, limits }: LimitsServices): {
  handleRateLimitResetCreditConsume(
    params: ConsumeAccountRateLimitResetCreditParams,
    context: RequestContext,
  ): Promise<ConsumeAccountRateLimitResetCreditResponse>;
} {
  return {
    async handleRateLimitResetCreditConsume(params, { signal }) {
      const { idempotencyKey, creditId = null, expectedAccountId = null, expectedUserId = null } = params;
      refuseEmpty('idempotencyKey', idempotencyKey);
      refuseEmpty('creditId', creditId);
      const authorization = await session.authorization('for rate limit reset credits', signal);
      const attempt = { idempotencyKey, creditId, expectedAccountId, expectedUserId };
      await limits.invalidate();
      try {
        return { outcome: outcomeFromWire(await backend.consumeResetCredit(authorization, attempt, signal)) };
      } finally {
        // A read that began while the consume was on its way may have the old windows.
        await limits.invalidate();
      }
    },
  };
}

/** Refuses an empty text. Blank text is sent unchanged. */
function refuseEmpty(member: string, text: string | null): void {
  if (text === '') {
    throw new AppError('invalidRequest', `${member} must not be empty`, { details: { member } });
  }
}
