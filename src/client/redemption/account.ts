import { untilAborted } from '../../util/waiting.js';
import type { Call, CallOptions } from '../connection/call.js';
import { RequestError } from '../connection/errors.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { RedemptionAccount } from './redemption.js';
import { RedemptionError } from './error.js';
import type { OpenConnection } from '../connection/server-link.js';

/** Who is signed in, as a server tells it. */
export interface SignedInAccount {
  readonly account: RedemptionAccount;
  readonly limits: GetAccountRateLimitsResponse;
  /** Aborted once it may be somebody else, as another server has taken the place of the one that told it. */
  readonly replaced: AbortSignal;
}

/** @throws RedemptionError `accountUnknown`, or what the call throws */
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
      throw new RedemptionError('accountUnknown', 'the server does not tell which account is signed in');
    }
    // Codex fails here when it cannot find the workspace, which is of no interest.
    const account = await call('account/read', {}, given).catch((error: unknown) => {
      if (error instanceof RequestError) return null;
      throw error;
    });
    return { account: { accountId, userId: account?.userId ?? null }, limits, replaced };
  }

  return async ({ signal = never, maxRetries = options.maxRetries }) => {
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

const never = new AbortController().signal;

/** Where one of them has no user, the account decides. */
export function isSameAccount(one: RedemptionAccount, other: RedemptionAccount): boolean {
  const isOtherUser = one.userId !== null && other.userId !== null && one.userId !== other.userId;
  return one.accountId === other.accountId && !isOtherUser;
}
