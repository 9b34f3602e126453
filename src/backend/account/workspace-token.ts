import { AppError } from '../../util/errors.js';
import { reasonPhrase } from '../request/failure.js';
import type { Authorization, BackendIdentity } from '../request/identity.js';
import { sendRequest } from '../request/send-request.js';
import type { AccountContext } from './endpoints.js';
import { WireWorkspaceToken } from './wire-account.js';

/** Returns an access token of another workspace of the user. */
export async function exchangeWorkspaceToken(
  context: AccountContext,
  authorization: Authorization,
  accountId: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    const { value } = await sendRequest(
      context,
      {
        target: context.findTarget(authorization.baseUrl, 'workspaceToken'),
        authorization: withoutAccount(authorization),
        schema: WireWorkspaceToken,
        json: { workspace_id: accountId },
        repeatability: 'never',
      },
      signal,
    );
    return value.access_token;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    const { kind, details } = error;
    if (kind === 'badReply') throw new AppError('unsupported', 'error decoding response body', { details });
    if (details.httpStatus === undefined) throw error;
    const status = `${details.httpStatus} ${reasonPhrase(details.httpStatus)}`;
    throw new AppError('unsupported', `Workspace switch was rejected (HTTP ${status})`, { details });
  }
}

/** Removes the account from the headers, after a renewal of the login too: only the body names it. */
function withoutAccount(authorization: Authorization): Authorization {
  const anonymous = (identity: BackendIdentity): BackendIdentity => ({ ...identity, accountId: null });
  return {
    ...authorization,
    identity: anonymous(authorization.identity),
    async renew() {
      const renewed = await authorization.renew();
      return renewed && anonymous(renewed);
    },
  };
}
