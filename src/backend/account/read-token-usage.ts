import { AppError } from '../../util/errors.js';
import { type AccountContext, errorPrefixOf } from './endpoints.js';
import type { Authorization } from '../request/identity.js';
import { hasPlainStatus } from '../request/failure.js';
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
    if (hasPlainStatus(error, 403, 404)) return null;
    if (!(error instanceof AppError) || error.kind !== 'badReply') throw error;
    // The reference shows neither the reason nor the body of this error.
    const message = `${errorPrefixOf('threadUsage')}: Invalid thread usage response.`;
    throw new AppError('badReply', message, { cause: error, details: error.details });
  }
}
