import type { Clock } from '../../util/clock.js';
import type { Call, CallOptions } from '../connection/call.js';
import type { GetAccountRateLimitsParams, GetAccountRateLimitsResponse } from '../protocol.js';
import { isSameAccount } from './account.js';
import { journalSequence } from './journal.js';
import type { RedemptionAccount } from '../record/redemption.js';

/** The read of the limits that a redemption is based on. */
export interface ReadBasis {
  readonly accountId: string | null;
  /** Null if the server does not say it. */
  readonly userId?: string | null | undefined;
  /** The number of the last change in the journal before the read was sent. Later outcomes were not known to it. */
  readonly journalSequence: number;
  /** When the request was sent, in milliseconds since the Unix epoch. For people: nothing is decided by it. */
  readonly readAtMs: number;
}

/** Reads the limits and the user of them, and returns what a redemption can be based on. @throws as `call` does */
export async function readWithBasis(
  call: Call,
  clock: Clock,
  params: GetAccountRateLimitsParams,
  given: CallOptions = {},
): Promise<{ limits: GetAccountRateLimitsResponse; basis: ReadBasis }> {
  let sent = { journalSequence: 0, readAtMs: clock.nowMs() };
  const asked = { ...params, includeUserId: true };
  const { userId = null, ...limits } = await call('account/rateLimits/read', asked, {
    ...given,
    onSend({ server }) {
      sent = { journalSequence: journalSequence(server.codexHome), readAtMs: clock.nowMs() };
    },
  });
  return { limits, basis: { accountId: limits.accountId, userId, ...sent } };
}

/** Returns whether a read is of this account, and of this user as far as both are known. */
export function isBasedOn({ accountId, userId = null }: ReadBasis, account: RedemptionAccount): boolean {
  return accountId !== null && isSameAccount({ accountId, userId }, account);
}
