import {
  type AccountClient,
  claimOf,
  isSameAccount,
  type Redemption,
  type RedemptionAccount,
} from '../client/library.js';

/** How long to wait for the user; a server that looks for the workspace name may take longer. */
const userLimitMs = 1_200;

/**
 * Those of whoever is signed in, as far as that is known, out of all attempts with this CODEX_HOME.
 *
 * @param account whose they are; that of the last read unless given
 */
export async function ownAttempts(
  client: AccountClient,
  nowMs: number,
  account?: RedemptionAccount,
): Promise<readonly Redemption[]> {
  const all = await client.redemptions();
  if (account) return all.filter((each) => isSameAccount(each.account, account));
  const accountId = client.lastRead()?.accountId;
  if (typeof accountId !== 'string') return all;
  const ofAccount = all.filter((each) => each.account.accountId === accountId);
  // Which user it is matters only where there is something to go on with.
  if (ofAccount.every((each) => claimOf(each, nowMs) === 'none')) return ofAccount;
  const given = { timeoutMs: userLimitMs, maxRetries: 0 };
  const answer = await client.request('account/read', {}, given).catch(() => undefined);
  return ofAccount.filter((each) =>
    isSameAccount(each.account, { accountId, userId: answer?.userId ?? null }),
  );
}
