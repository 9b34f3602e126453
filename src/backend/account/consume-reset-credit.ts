import { amendedError, AppError } from '../../util/errors.js';
import { wasNeverConnected } from '../http/connection-failure.js';
import type { AccountContext } from './endpoints.js';
import type { Authorization, BackendIdentity } from '../request/identity.js';
import { sendRequest } from '../request/send-request.js';
import { WireConsume } from './wire-reset-credits.js';

export interface ConsumeAttempt {
  readonly idempotencyKey: string;
  readonly creditId: string | null;
  /** Null: the credit of any account may be used. */
  readonly expectedAccountId: string | null;
  /** Null: the credit of any user of the account may be used. */
  readonly expectedUserId: string | null;
}

/**
 * Sends key and credit verbatim, only as the expected account and user. Once it is sent, only its time limit ends it.
 */
export async function consumeResetCredit(
  context: AccountContext,
  authorization: Authorization,
  attempt: ConsumeAttempt,
  signal: AbortSignal,
): Promise<WireConsume> {
  const { idempotencyKey, creditId } = attempt;
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
        requireIdentity: (identity) => requireExpected(identity, attempt),
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

/** @throws AppError `accountChanged`; its message shows no id */
function requireExpected(
  { accountId, idTokenAccountId, userId }: BackendIdentity,
  { expectedAccountId, expectedUserId }: ConsumeAttempt,
): void {
  if (expectedAccountId !== null && (accountId ?? idTokenAccountId) !== expectedAccountId) {
    throw new AppError('accountChanged', 'another account is signed in than the redemption is for');
  }
  if (expectedUserId !== null && userId === null) {
    throw new AppError(
      'accountChanged',
      'the login does not name its user, and the redemption is for one user',
    );
  }
  if (expectedUserId !== null && userId !== expectedUserId) {
    throw new AppError('accountChanged', 'another user is signed in than the redemption is for');
  }
}

/** The statuses with which the backend refuses a consume before it does anything. */
const refusals = new Set([400, 401, 403, 404, 422, 429]);

/** Returns whether certainly nothing was redeemed: the request was not sent, or it was refused. */
function wasRefused(error: AppError): boolean {
  return (
    error.kind === 'accountChanged' ||
    error.kind === 'configInvalid' ||
    error.kind === 'shuttingDown' ||
    wasNeverConnected(error) ||
    refusals.has(error.details.httpStatus ?? 0)
  );
}
