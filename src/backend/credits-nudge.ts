import { AppError } from '../util/errors.js';
import type { Authorization } from './identity.js';
import { timedRequest, type TimedRequestContext } from './timed-request.js';

/** True: sent. False: one was sent too short a time ago. What the reply says besides is not looked at. */
export async function sendCreditsNudge(
  context: TimedRequestContext,
  authorization: Authorization,
  creditType: 'credits' | 'usage_limit',
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await timedRequest(context, {
      endpoint: 'creditsNudge',
      authorization,
      errorPrefix: 'failed to notify workspace owner',
      limitMs: context.timeLimits.creditsNudgeMs,
      timeoutMessage: 'workspace owner notification timed out',
      schema: null,
      repeatability: 'never',
      json: { credit_type: creditType },
      sendUnlessAborted: signal,
    });
    return true;
  } catch (error) {
    if (error instanceof AppError && error.details.httpStatus === 429) return false;
    throw error;
  }
}
