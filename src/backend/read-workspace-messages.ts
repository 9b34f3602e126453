import { AppError } from '../util/errors.js';
import type { Authorization } from './identity.js';
import { timedRequest, type TimedRequestContext } from './timed-request.js';
import { WireWorkspaceMessages } from './wire-account.js';

/** Null where the backend has no messages for this workspace at all. */
export async function readWorkspaceMessages(
  context: TimedRequestContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<WireWorkspaceMessages | null> {
  try {
    const { value } = await timedRequest(
      context,
      {
        endpoint: 'workspaceMessages',
        authorization,
        errorPrefix: 'failed to fetch workspace messages',
        limitMs: context.timeLimits.workspaceMessagesMs,
        timeoutMessage: 'workspace messages fetch timed out',
        schema: WireWorkspaceMessages,
        repeatability: 'read',
        headers: { 'cache-control': 'no-store' },
      },
      signal,
    );
    return value;
  } catch (error) {
    if (error instanceof AppError && error.details.httpStatus === 404) return null;
    throw error;
  }
}
