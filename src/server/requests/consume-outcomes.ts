import { createHash } from 'node:crypto';
import type { ConsumeAccountRateLimitResetCreditResponse } from '../../protocol/schema/reset-credits.js';
import { amendedError, AppError } from '../../util/errors.js';

/**
 * The idempotency keys that have redeemed a credit, or may have. A later failure with such a key does not prove that
 * nothing was redeemed. Neither does a later success: a lost request may still take effect.
 */
export interface ConsumeOutcomes {
  /**
   * Passes the consume to `run`, which starts it in its turn or refuses it. Returns its outcome.
   *
   * @throws the error of the consume, with `outcomeKnown` corrected by the other attempts with this key
   */
  track<T extends ConsumeAccountRateLimitResetCreditResponse>(
    idempotencyKey: string,
    work: () => Promise<T>,
    run: (work: () => Promise<T>) => Promise<T>,
  ): Promise<T>;
}

/** Above this number every key counts as doubtful. That costs a caller only a retry. */
const maxKeys = 10_000;

export function createConsumeOutcomes(): ConsumeOutcomes {
  const doubtful = new Set<string>();
  /** The keys of the attempts that have started and not ended. */
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
