import { AppError } from '../util/errors.js';
import type { Authorization } from './identity.js';
import { timedRequest, type TimedRequestContext } from './timed-request.js';
import { WireProfile, WireThreadUsages } from './wire-account.js';

export async function readProfile(
  context: TimedRequestContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<WireProfile> {
  const { value } = await timedRequest(
    context,
    {
      endpoint: 'profile',
      authorization,
      errorPrefix: 'failed to fetch token usage profile',
      limitMs: context.timeLimits.profileMs,
      timeoutMessage: 'token usage profile fetch timed out',
      schema: WireProfile,
      repeatability: 'read',
    },
    signal,
  );
  return value;
}

/** Null for the statuses that mean that there is nothing to tell. */
export async function readThreadUsage(
  context: TimedRequestContext,
  authorization: Authorization,
  threadId: string,
  signal: AbortSignal,
): Promise<WireThreadUsages | null> {
  try {
    const { value } = await timedRequest(
      context,
      {
        endpoint: 'threadUsage',
        authorization,
        errorPrefix: 'failed to fetch thread usage',
        limitMs: context.timeLimits.threadUsageMs,
        timeoutMessage: 'thread usage fetch timed out',
        schema: WireThreadUsages,
        repeatability: 'read',
        json: { thread_ids: [threadId] },
      },
      signal,
    );
    return value;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    if (error.details.httpStatus === 403 || error.details.httpStatus === 404) return null;
    if (error.kind !== 'badReply') throw error;
    // The reference shows neither reason nor body of this one.
    const message = 'failed to fetch thread usage: Invalid thread usage response.';
    throw new AppError('badReply', message, { cause: error, details: error.details });
  }
}
