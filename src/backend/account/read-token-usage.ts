import { AppError } from '../../util/errors.js';
import { type AccountContext, errorPrefixOf } from './endpoints.js';
import type { Authorization } from '../request/identity.js';
import { sendRequest } from '../request/send-request.js';
import { WireProfile, WireThreadUsages } from './wire-account.js';

export async function readProfile(
  context: AccountContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<WireProfile> {
  const { value } = await sendRequest(
    context,
    {
      target: context.findTarget(authorization.baseUrl, 'profile'),
      authorization,
      schema: WireProfile,
      repeatability: 'read',
    },
    signal,
  );
  return value;
}

/** Resolves with null for the statuses that mean that nothing is known of the thread. */
export async function readThreadUsage(
  context: AccountContext,
  authorization: Authorization,
  threadId: string,
  signal: AbortSignal,
): Promise<WireThreadUsages | null> {
  try {
    const { value } = await sendRequest(
      context,
      {
        target: context.findTarget(authorization.baseUrl, 'threadUsage'),
        authorization,
        schema: WireThreadUsages,
        repeatability: 'read',
        json: { thread_ids: [threadId] },
      },
      signal,
    );
    return value;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { httpStatus, reason } = error.details;
    // With a reason it is about the login or the network, not about the thread (D28).
    if ((httpStatus === 403 || httpStatus === 404) && reason === undefined) return null;
    if (error.kind !== 'badReply') throw error;
    // The reference shows neither the reason nor the body of this error.
    const message = `${errorPrefixOf('threadUsage')}: Invalid thread usage response.`;
    throw new AppError('badReply', message, { cause: error, details: error.details });
  }
}
