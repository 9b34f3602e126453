import { neverAborted } from '../../util/never-aborted.js';
import { untilAborted } from '../../util/waiting.js';
import type { Call, CallOptions } from '../connection/call.js';
import { RequestError } from '../connection/errors.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { RedemptionAccount } from './redemption.js';
import { RedemptionError } from './error.js';
import type { OpenConnection } from '../connection/server-link.js';

/** The account that a server is signed in to, and its limits. */
export interface SignedInAccount {
  readonly account: RedemptionAccount;
  readonly limits: GetAccountRateLimitsResponse;
  /** Aborted after another server was started: it may be signed in to another account. */
  readonly replaced: AbortSignal;
}

/** Reads which account is signed in. @throws RedemptionError `accountUnknown`; what the calls throw */
export type ReadSignedInAccount = (
  options: Pick<CallOptions, 'signal' | 'maxRetries'>,
) => Promise<SignedInAccount>;

export function createAccountReader(options: {
  readonly open: () => Promise<OpenConnection>;
  readonly call: Call;
  readonly maxRetries: number;
}): ReadSignedInAccount {
  const { open, call } = options;

  async function ask(
    replaced: AbortSignal,
    signal: AbortSignal,
    maxRetries: number,
  ): Promise<SignedInAccount> {
    const given = { maxRetries, signal: AbortSignal.any([signal, replaced]) };
    const limits = await call('account/rateLimits/read', {}, given);
    const { accountId } = limits;
    if (typeof accountId !== 'string' || accountId === '') {
      throw new RedemptionError('accountUnknown', 'the server does not say which account is signed in');
    }
    // Codex fails here if it cannot find the workspace. The user id is then unknown.
    const account = await call('account/read', {}, given).catch((error: unknown) => {
      if (error instanceof RequestError) return null;
      throw error;
    });
    return { account: { accountId, userId: account?.userId ?? null }, limits, replaced };
  }

  return async ({ signal = neverAborted, maxRetries = options.maxRetries }) => {
    for (let retries = 0; ; retries += 1) {
      const { replaced } = await untilAborted(open(), signal);
      try {
        return await ask(replaced, signal, maxRetries);
      } catch (error) {
        if (!replaced.aborted || retries >= maxRetries) throw error;
      }
    }
  };
}

/** Returns whether two redemptions are for the same account and user. A user id counts only if both have one. */
export function isSameAccount(one: RedemptionAccount, other: RedemptionAccount): boolean {
  const isOtherUser = one.userId !== null && other.userId !== null && one.userId !== other.userId;
  return one.accountId === other.accountId && !isOtherUser;
}
