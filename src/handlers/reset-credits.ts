import { withLogin } from '../auth/with-login.js';
import { outcomeFromWire } from '../domain/reset-credits.js';
import type {
  ConsumeAccountRateLimitResetCreditParams,
  ConsumeAccountRateLimitResetCreditResponse,
} from '../protocol/reset-credits.js';
import { amendedError, AppError } from '../util/errors.js';
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
      const reply = await withDoubt((noteDoubt) =>
        withLogin(session, 'for rate limit reset credits', (identity) =>
          backend.consumeResetCredit(identity, { idempotencyKey, creditId }, signal).catch(noteDoubt),
        ),
      );
      return { outcome: outcomeFromWire(reply) };
    },
  };
}

/**
 * Does `work`, which may make several attempts and passes the error of each on through `noteDoubt`. Once the outcome of
 * one of them was not known, no later error makes it known.
 */
async function withDoubt<T>(work: (noteDoubt: (error: unknown) => never) => Promise<T>): Promise<T> {
  const doubts: unknown[] = [];
  try {
    return await work((error) => {
      if (!(error instanceof AppError) || error.details.outcomeKnown === false) doubts.push(error);
      throw error;
    });
  } catch (error) {
    if (doubts.length === 0 || !(error instanceof AppError)) throw error;
    throw amendedError(error, { details: { outcomeKnown: false } });
  }
}

/** Blank text is not empty: it goes out as it came. */
function refuseEmpty(member: string, text: string | null): void {
  if (text === '') {
    throw new AppError('invalidRequest', `${member} must not be empty`, { details: { member } });
  }
}
