import { neverAborted } from '../../util/never-aborted.js';
import { untilAborted } from '../../util/waiting.js';
import type { Call, CallOptions } from '../connection/call.js';
import { RequestError } from '../connection/errors.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { RedemptionAccount } from '../record/redemption.js';
import { RedemptionError } from '../record/error.js';
import type { OpenConnection } from '../connection/server-link.js';

/** The account that a server is signed in to, and its limits. */
export interface SignedInAccount {
  readonly account: RedemptionAccount;
  readonly limits: GetAccountRateLimitsResponse;
  /** Aborted after another server was started: it may be signed in to another account. */
  readonly replaced: AbortSignal;
}

/**
 * Reads which account is signed in.
 *
 * @throws RedemptionError `accountUnknown`, or `accountChanged` if another user signs in meanwhile; what the calls throw
 */
export type ReadSignedInAccount = (
  options: Pick<CallOptions, 'signal' | 'maxRetries'>,
) => Promise<SignedInAccount>;

export function createAccountReader(options: {
  readonly open: () => Promise<OpenConnection>;
  readonly call: Call;
  readonly maxRetries: number;
  /** Whether the server says with the limits which user they are of. */
  readonly serverNamesUser: boolean;
}): ReadSignedInAccount {
  const { open, call, serverNamesUser } = options;

  async function ask(
    replaced: AbortSignal,
    signal: AbortSignal,
    maxRetries: number,
  ): Promise<SignedInAccount> {
    const given = { maxRetries, signal: AbortSignal.any([signal, replaced]) };
    const userBefore = serverNamesUser ? null : await readUser(given);
    const { userId: userOfLimits = null, ...limits } = await call(
      'account/rateLimits/read',
      { includeUserId: true },
      given,
    );
    const { accountId } = limits;
    if (typeof accountId !== 'string' || accountId === '') {
      throw new RedemptionError('accountUnknown', 'the server does not say which account is signed in');
    }
    if (serverNamesUser) return { account: { accountId, userId: userOfLimits }, limits, replaced };
    // The user of the limits is known only if the same one is signed in before and after their read.
    const userId = await readUser(given);
    if (userBefore !== null && userId !== null && userBefore !== userId) {
      throw new RedemptionError('accountChanged', 'another user has signed in');
    }
    return { account: { accountId, userId: userBefore && userId }, limits, replaced };
  }

  /** Returns null if the server does not say it. Codex fails here if it cannot find the workspace. */
  async function readUser(given: CallOptions): Promise<string | null> {
    const answer = await call('account/read', {}, given).catch((error: unknown) => {
      if (error instanceof RequestError) return null;
      throw error;
    });
    return answer?.userId ?? null;
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

/** Returns whether an attempt certainly belongs to the account and user that are signed in. */
export function isOwnAccount(attempt: RedemptionAccount, signedIn: RedemptionAccount): boolean {
  return isSameAccount(attempt, signedIn) && !(attempt.userId !== null && signedIn.userId === null);
}

/**
 * Checks that a request of this attempt uses a credit of its own account and user.
 *
 * @throws RedemptionError `accountChanged`, or `accountUnknown` if the server does not say the user that the attempt names
 */
export function requireOwnAccount(attempt: RedemptionAccount, signedIn: RedemptionAccount): void {
  if (!isSameAccount(attempt, signedIn)) {
    throw new RedemptionError('accountChanged', 'another account is signed in now');
  }
  if (!isOwnAccount(attempt, signedIn)) {
    throw new RedemptionError('accountUnknown', 'the server does not say which user is signed in');
  }
}
