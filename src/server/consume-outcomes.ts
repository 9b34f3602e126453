import { createHash } from 'node:crypto';
import type { ConsumeAccountRateLimitResetCreditResponse } from '../protocol/schema/reset-credits.js';
import { amendedError, AppError } from '../util/errors.js';

/**
 * Remembers the idempotency keys that have redeemed a credit, or may have although nothing said so. What refuses a
 * later attempt with such a key does not tell that nothing was redeemed; nor does another outcome, for a request that
 * was lost may still take effect.
 */
export interface ConsumeOutcomes {
  /**
   * Hands the work of a consume to `run`, which does it in its turn, if at all, and never twice at a time for a key.
   * Resolves with its outcome, or rejects with its error and an `outcomeKnown` that no other attempt belies.
   */
  track<T extends ConsumeAccountRateLimitResetCreditResponse>(
    idempotencyKey: string,
    work: () => Promise<T>,
    run: (work: () => Promise<T>) => Promise<T>,
  ): Promise<T>;
}

/** More keys are not told apart: from then on all of them count as unclear, which costs a caller only a retry. */
const maxKeys = 10_000;

export function createConsumeOutcomes(): ConsumeOutcomes {
  const doubtful = new Set<string>();
  /** Keys of attempts that are begun and not over. */
  const underWay = new Set<string>();
  let isFull = false;

  function remember(digest: string): void {
    if (doubtful.size < maxKeys) doubtful.add(digest);
    else isFull ||= !doubtful.has(digest);
  }

  return {
    async track(idempotencyKey, work, run) {
      const digest = createHash('sha256').update(idempotencyKey).digest('base64');
      const begin = (): ReturnType<typeof work> => {
        underWay.add(digest);
        return work().finally(() => underWay.delete(digest));
      };
      try {
        const answer = await run(begin);
        if (hasRedeemed(answer)) remember(digest);
        return answer;
      } catch (error) {
        if (!(error instanceof AppError) || error.details.outcomeKnown === false) remember(digest);
        if (!(error instanceof AppError)) throw error;
        const outcomeKnown = !isFull && !doubtful.has(digest) && !underWay.has(digest);
        throw amendedError(error, { details: { outcomeKnown } });
      }
    },
  };
}

function hasRedeemed({ outcome }: ConsumeAccountRateLimitResetCreditResponse): boolean {
  return outcome === 'reset' || outcome === 'alreadyRedeemed';
}
