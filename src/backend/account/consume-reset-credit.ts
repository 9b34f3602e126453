import { amendedError, AppError } from '../../util/errors.js';
import { wasNeverConnected } from '../http/connection-failure.js';
import type { AccountContext } from './endpoints.js';
import type { Authorization } from '../request/identity.js';
import { sendRequest } from '../request/send-request.js';
import { WireConsume } from './wire-reset-credits.js';

export interface ConsumeAttempt {
  readonly idempotencyKey: string;
  readonly creditId: string | null;
}

/** Sends key and credit verbatim. Once it is sent, only its time limit ends it. */
export async function consumeResetCredit(
  context: AccountContext,
  authorization: Authorization,
  { idempotencyKey, creditId }: ConsumeAttempt,
  signal: AbortSignal,
): Promise<WireConsume> {
  const unclear: AppError[] = [];
  try {
    const { value } = await sendRequest(
      context,
      {
        target: context.findTarget(authorization.baseUrl, 'consumeResetCredit'),
        authorization,
        schema: WireConsume,
        json: { redeem_request_id: idempotencyKey, ...(creditId !== null && { credit_id: creditId }) },
        repeatability: 'keyed',
        onFailedAttempt: (error: AppError) => {
          if (!wasRefused(error)) unclear.push(error);
        },
      },
      signal,
    );
    return value;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw amendedError(error, { details: { outcomeKnown: unclear.length === 0 && wasRefused(error) } });
  }
}

/** The statuses with which the backend refuses a consume before it does anything. */
const refusals = new Set([400, 401, 403, 404, 422, 429]);

/** Returns whether certainly nothing was redeemed: the request was not sent, or it was refused. */
function wasRefused(error: AppError): boolean {
  return (
    error.kind === 'configInvalid' ||
    error.kind === 'shuttingDown' ||
    wasNeverConnected(error) ||
    refusals.has(error.details.httpStatus ?? 0)
  );
}
