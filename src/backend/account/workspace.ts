import type { AccountContext } from './endpoints.js';
import type { Authorization } from '../request/identity.js';
import { hasPlainStatus } from '../request/failure.js';
import { sendRequest } from '../request/send-request.js';
import { WireWorkspaceMessages } from './wire-account.js';

/** Resolves with null if the backend has no messages for this workspace at all. */
export async function readWorkspaceMessages(
  context: AccountContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<WireWorkspaceMessages | null> {
  try {
    const { value } = await sendRequest(
      context,
      {
        target: context.findTarget(authorization.baseUrl, 'workspaceMessages'),
        authorization,
        schema: WireWorkspaceMessages,
        repeatability: 'read',
        headers: { 'cache-control': 'no-store' },
      },
      signal,
    );
    return value;
  } catch (error) {
    if (hasPlainStatus(error, 404)) return null;
    throw error;
  }
}

/** Resolves with true if the message was sent, and with false if one was sent too short a time ago. */
export async function sendCreditsNudge(
  context: AccountContext,
  authorization: Authorization,
  creditType: 'credits' | 'usage_limit',
  signal: AbortSignal,
): Promise<boolean> {
  try {
    await sendRequest(
      context,
      {
        target: context.findTarget(authorization.baseUrl, 'creditsNudge'),
        authorization,
        schema: null,
        repeatability: 'never',
        json: { credit_type: creditType },
      },
      signal,
    );
    return true;
  } catch (error) {
    if (hasPlainStatus(error, 429)) return false;
    throw error;
  }
}
