import { createHash } from 'node:crypto';
import { amendedError, AppError } from '../util/errors.js';

/**
 * Remembers the idempotency keys whose last word was unclear: a credit may have been redeemed although nothing said
 * so. What refuses a later attempt with such a key does not tell that nothing was redeemed.
 */
export interface ConsumeOutcomes {
  /** The answer of a consume, or its error with an `outcomeKnown` that earlier attempts do not belie. */
  track<T>(idempotencyKey: string, answer: Promise<T>): Promise<T>;
}

/** More keys are not told apart: from then on all of them count as unclear, which costs a caller only a retry. */
const maxKeys = 10_000;

export function createConsumeOutcomes(): ConsumeOutcomes {
  const unclear = new Set<string>();
  let isFull = false;
  return {
    async track(idempotencyKey, answer) {
      const digest = createHash('sha256').update(idempotencyKey).digest('base64');
      try {
        const outcome = await answer;
        unclear.delete(digest);
        return outcome;
      } catch (error) {
        const isThisKnown = error instanceof AppError && error.details.outcomeKnown !== false;
        const outcomeKnown = isThisKnown && !isFull && !unclear.has(digest);
        if (!outcomeKnown && unclear.size < maxKeys) unclear.add(digest);
        else if (!outcomeKnown) isFull = true;
        throw error instanceof AppError ? amendedError(error, { details: { outcomeKnown } }) : error;
      }
    },
  };
}
