import { AppError } from '../util/errors.js';
import { createSingleFlight } from '../util/single-flight.js';
import type { ConsumeAttempt } from './consume-reset-credit.js';
import { consumeResetCredit } from './consume-reset-credit.js';
import { sendCreditsNudge } from './credits-nudge.js';
import { createTargets } from './endpoints.js';
import { type Authorization, createStandingHeaders } from './identity.js';
import { type AccountsCheckReply, readAccountsCheck } from './read-accounts-check.js';
import { createPauses } from './pause.js';
import type { RateLimitsReply, ReadRateLimitsOptions } from './read-rate-limits.js';
import { readRateLimits } from './read-rate-limits.js';
import { readProfile, readThreadUsage } from './read-token-usage.js';
import { readWorkspaceMessages } from './read-workspace-messages.js';
import type { TimedRequestContext } from './timed-request.js';
import type { WireProfile, WireThreadUsages, WireWorkspaceMessages } from './wire-account.js';
import type { WireConsume } from './wire-reset-credits.js';

/**
 * The account backend, typed. Every call may throw AppError, with the texts of backend.md 2, and the reason of its
 * signal once that is aborted.
 */
export interface BackendClient {
  /**
   * Usage and reset credits, fetched at the same time. The credits are best effort: null when not asked for, when
   * they fail, or when they take longer than the limit after the usage has arrived.
   */
  readRateLimits(
    authorization: Authorization,
    options: ReadRateLimitsOptions,
    signal: AbortSignal,
  ): Promise<RateLimitsReply>;
  /** Redeems a credit. Once it is sent, `signal` no longer ends it. Errors say whether the outcome is known. */
  consumeResetCredit(
    authorization: Authorization,
    attempt: ConsumeAttempt,
    signal: AbortSignal,
  ): Promise<WireConsume>;
  readProfile(authorization: Authorization, signal: AbortSignal): Promise<WireProfile>;
  /** Null: the backend has nothing on this thread, or does not say so to this login. */
  readThreadUsage(
    authorization: Authorization,
    threadId: string,
    signal: AbortSignal,
  ): Promise<WireThreadUsages | null>;
  /** Null: the workspace has no messages at all. */
  readWorkspaceMessages(
    authorization: Authorization,
    signal: AbortSignal,
  ): Promise<WireWorkspaceMessages | null>;
  /** The accounts of the login, and where the requests of each belong. */
  readAccountsCheck(authorization: Authorization, signal: AbortSignal): Promise<AccountsCheckReply>;
  /** Asks the owner of the workspace for more credits or a higher limit; false: asked too short a time ago. */
  sendCreditsNudge(
    authorization: Authorization,
    creditType: 'credits' | 'usage_limit',
    signal: AbortSignal,
  ): Promise<boolean>;
  /** The login has changed: later reads share no fetch with those in flight. */
  separateReads(): void;
  /** The login is gone: fails the reads in flight with `unauthorized`. A consume goes on. */
  failReads(): void;
}

export function createBackendClient(
  options: Omit<TimedRequestContext, 'pauses' | 'target' | 'standingHeaders'>,
): BackendClient {
  const context: TimedRequestContext = {
    ...options,
    pauses: createPauses(options.clock),
    target: createTargets(),
    standingHeaders: createStandingHeaders(),
  };
  const reads = createSingleFlight();
  // Not `unauthorized`, which would have the tokens renewed.
  const revoked = new AppError('cancelled', 'application network permission was revoked');
  const numberOf = createNumbering();
  let changes = 0;
  const separateReads = (): void => {
    changes += 1;
  };

  /**
   * Reads that ask the same, as the same login, share one fetch; but never one from before a consume ended or the
   * login changed.
   */
  async function shared<T>(
    what: string,
    errorPrefix: string,
    { identity, baseUrl }: Authorization,
    signal: AbortSignal,
    read: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    try {
      return await reads.run(`${changes} ${numberOf(identity)} ${what}\n${baseUrl}`, signal, read);
    } catch (error) {
      throw error === revoked ? new AppError('unauthorized', `${errorPrefix}: ${revoked.message}`) : error;
    }
  }

  return {
    readRateLimits: (authorization, how, signal) =>
      shared(
        `rateLimits ${how.supportsLunaReserve} ${how.withResetCredits}`,
        'failed to fetch codex rate limits',
        authorization,
        signal,
        (joint) => readRateLimits(context, authorization, how, joint),
      ),
    consumeResetCredit: (authorization, attempt, signal) =>
      consumeResetCredit(context, authorization, attempt, signal).finally(separateReads),
    readProfile: (authorization, signal) =>
      shared('profile', 'failed to fetch token usage profile', authorization, signal, (joint) =>
        readProfile(context, authorization, joint),
      ),
    readThreadUsage: (authorization, threadId, signal) =>
      shared(`threadUsage ${threadId}`, 'failed to fetch thread usage', authorization, signal, (joint) =>
        readThreadUsage(context, authorization, threadId, joint),
      ),
    readWorkspaceMessages: (authorization, signal) =>
      shared('workspaceMessages', 'failed to fetch workspace messages', authorization, signal, (joint) =>
        readWorkspaceMessages(context, authorization, joint),
      ),
    readAccountsCheck: (authorization, signal) => readAccountsCheck(context, authorization, signal),
    sendCreditsNudge: (authorization, creditType, signal) =>
      sendCreditsNudge(context, authorization, creditType, signal),
    separateReads,
    failReads() {
      separateReads();
      reads.abort(revoked);
    },
  };
}

/** Numbers objects in the order in which they are first seen. */
function createNumbering(): (object: object) => number {
  const known = new WeakMap<object, number>();
  let last = 0;
  return (object) => {
    const before = known.get(object);
    if (before !== undefined) return before;
    known.set(object, (last += 1));
    return last;
  };
}
