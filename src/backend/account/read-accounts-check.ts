import type { AccountContext } from './endpoints.js';
import type { Authorization } from '../request/identity.js';
import { sendRequest } from '../request/send-request.js';
import { WireAccountsCheck } from './wire-account.js';

export interface AccountsCheckReply {
  readonly accountsCheck: WireAccountsCheck;
  /** The configured base URL, which the reply may point to. */
  readonly baseUrl: string;
}

export async function readAccountsCheck(
  context: AccountContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<AccountsCheckReply> {
  const { value } = await sendRequest(
    context,
    {
      target: context.findTarget(authorization.baseUrl, 'accountsCheck'),
      authorization,
      schema: WireAccountsCheck,
      repeatability: 'read',
    },
    signal,
  );
  return { accountsCheck: value, baseUrl: authorization.baseUrl };
}
