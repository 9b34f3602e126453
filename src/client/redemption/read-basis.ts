import type { Clock } from '../../util/clock.js';
import type { Call, CallOptions } from '../connection/call.js';
import type { GetAccountRateLimitsParams, GetAccountRateLimitsResponse } from '../protocol.js';
import { journalSequence } from './journal.js';

/** The read of the limits that a redemption is based on. */
export interface ReadBasis {
  readonly accountId: string | null;
  /** The user, if the caller has asked for it with `account/read`. */
  readonly userId?: string | null | undefined;
  /** The number of the last change in the journal before the read was sent. Later outcomes were not known to it. */
  readonly journalSequence: number;
  /** When the request was sent, in milliseconds since the Unix epoch. For people: nothing is decided by it. */
  readonly readAtMs: number;
}

/** Reads the limits, and returns them with what they can be the basis of. @throws as `call` does */
export async function readWithBasis(
  call: Call,
  clock: Clock,
  params: GetAccountRateLimitsParams,
  given: CallOptions = {},
): Promise<{ limits: GetAccountRateLimitsResponse; basis: ReadBasis }> {
  let sent = { journalSequence: 0, readAtMs: clock.nowMs() };
  const limits = await call('account/rateLimits/read', params, {
    ...given,
    onSend({ server }) {
      sent = { journalSequence: journalSequence(server.codexHome), readAtMs: clock.nowMs() };
    },
  });
  return { limits, basis: { accountId: limits.accountId, ...sent } };
}
