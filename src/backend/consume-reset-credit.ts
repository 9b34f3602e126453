import { amendedError, AppError } from '../util/errors.js';
import { wasNeverConnected } from './connection-failure.js';
import type { Authorization } from './identity.js';
import { timedRequest, type TimedRequestContext } from './timed-request.js';
import { WireConsume } from './wire-reset-credits.js';

export interface ConsumeAttempt {
  readonly idempotencyKey: string;
  readonly creditId: string | null;
}

/** Key and credit go out verbatim. Once it is sent, only its time limit ends it. */
export async function consumeResetCredit(
  context: TimedRequestContext,
  authorization: Authorization,
  { idempotencyKey, creditId }: ConsumeAttempt,
  signal: AbortSignal,
): Promise<WireConsume> {
  const unclear: AppError[] = [];
  try {
    const { value } = await timedRequest(context, {
      endpoint: 'consumeResetCredit',
      authorization,
      errorPrefix: 'failed to consume rate limit reset',
      limitMs: context.timeLimits.consumeMs,
      timeoutMessage: 'rate limit reset consume timed out',
      schema: WireConsume,
      json: { redeem_request_id: idempotencyKey, ...(creditId !== null && { credit_id: creditId }) },
      repeatability: 'keyed',
      sendUnlessAborted: signal,
      onFailedAttempt: (error) => {
        if (!wasRefused(error)) unclear.push(error);
      },
    });
    return value;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw amendedError(error, { details: { outcomeKnown: unclear.length === 0 && wasRefused(error) } });
  }
}

/** Statuses with which the backend refuses a consume before it does anything. */
const refusals = new Set([400, 401, 403, 404, 422, 429]);

/** Whether certainly nothing was redeemed: the request was not sent, or it was refused. */
function wasRefused(error: AppError): boolean {
  return (
    error.kind === 'configInvalid' ||
    error.kind === 'shuttingDown' ||
    wasNeverConnected(error) ||
    refusals.has(error.details.httpStatus ?? 0)
  );
}
