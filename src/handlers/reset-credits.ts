import { withLogin } from '../auth/with-login.js';
import { outcomeFromWire } from '../domain/reset-credits.js';
import type {
  ConsumeAccountRateLimitResetCreditParams,
  ConsumeAccountRateLimitResetCreditResponse,
} from '../protocol/reset-credits.js';
import { AppError } from '../util/errors.js';
import type { AccountServices, Call } from './call.js';

export function createResetCreditsHandlers({ session, backend }: AccountServices): {
  handleRateLimitResetCreditConsume(
    params: ConsumeAccountRateLimitResetCreditParams,
    call: Call,
  ): Promise<ConsumeAccountRateLimitResetCreditResponse>;
} {
  return {
    async handleRateLimitResetCreditConsume({ idempotencyKey, creditId = null }, { signal }) {
      refuseEmpty('idempotencyKey', idempotencyKey);
      refuseEmpty('creditId', creditId);
      const reply = await withLogin(session, 'for rate limit reset credits', (identity) =>
        backend.consumeResetCredit(identity, { idempotencyKey, creditId }, signal),
      );
      return { outcome: outcomeFromWire(reply) };
    },
  };
}

/** Blank text is not empty: it goes out as it came. */
function refuseEmpty(member: string, text: string | null): void {
  if (text === '') {
    throw new AppError('invalidRequest', `${member} must not be empty`, { details: { member } });
  }
}
