import type { Authorization } from './identity.js';
import { timedRequest, type TimedRequestContext } from './timed-request.js';
import { WireAccountsCheck } from './wire-issuer.js';

export interface AccountsCheckReply {
  readonly accountsCheck: WireAccountsCheck;
  /** The configured base URL, which the reply may point to. */
  readonly baseUrl: string;
}

/** The accounts of the login, and where the requests of each belong. */
export async function readAccountsCheck(
  context: TimedRequestContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<AccountsCheckReply> {
  const { value } = await timedRequest(
    context,
    {
      endpoint: 'accountsCheck',
      authorization,
      errorPrefix: 'workspace routing discovery failed',
      limitMs: context.timeLimits.accountsCheckMs,
      timeoutMessage: 'workspace routing discovery timed out',
      schema: WireAccountsCheck,
      repeatability: 'read',
    },
    signal,
  );
  return { accountsCheck: value, baseUrl: authorization.baseUrl };
}
