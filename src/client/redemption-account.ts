import type { Call } from './call.js';
import type { GetAccountRateLimitsResponse } from './protocol.js';
import type { RedemptionAccount } from './redemption.js';
import { RedemptionError } from './redemption-error.js';

/** Whose limits these are. @throws RedemptionError `accountUnknown` */
export async function readAccount(
  call: Call,
  { accountId }: GetAccountRateLimitsResponse,
  signal: AbortSignal | undefined,
): Promise<RedemptionAccount> {
  if (typeof accountId !== 'string') {
    throw new RedemptionError('accountUnknown', 'the server does not tell which account is signed in');
  }
  // Codex fails here when it cannot find the workspace, which is of no interest.
  const account = await call('account/read', {}, { signal }).catch(() => null);
  return { accountId, userId: account?.userId ?? null };
}

/** Where one of them has no user, the account decides. */
export function isSameAccount(one: RedemptionAccount, other: RedemptionAccount): boolean {
  const isOtherUser = one.userId !== null && other.userId !== null && one.userId !== other.userId;
  return one.accountId === other.accountId && !isOtherUser;
}
