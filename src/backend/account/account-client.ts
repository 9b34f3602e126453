import { createSharedReads } from './shared-reads.js';
import type { ConsumeAttempt } from './consume-reset-credit.js';
import { consumeResetCredit } from './consume-reset-credit.js';
import { type AccountContext, createTargets } from './endpoints.js';
import { type Authorization, createStandingHeaders } from '../request/identity.js';
import { type AccountsCheckReply, readAccountsCheck } from './read-accounts-check.js';
import type { RateLimitsReply, ReadRateLimitsOptions } from './read-rate-limits.js';
import { readRateLimits } from './read-rate-limits.js';
import { readProfile, readThreadUsage } from './read-token-usage.js';
import { exchangeWorkspaceToken } from './workspace-token.js';
import { readWorkspaceMessages, sendCreditsNudge } from './workspace.js';
import { createPauses } from '../request/retry.js';
import type { WireProfile, WireThreadUsages, WireWorkspaceMessages } from './wire-account.js';
import type { WireConsume } from './wire-reset-credits.js';

/**
 * The account backend, typed. Every call may throw AppError with the texts of the reference, and the reason of its
 * signal once that is aborted.
 */
export interface BackendClient {
  /**
   * Reads the usage and the reset credits at the same time. The credits are best effort: null if they are not asked
   * for, if they fail, or if they take longer than their limit after the usage has arrived (D4).
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
  /** Resolves with null if the backend has nothing on this thread, or does not show it to this login. */
  readThreadUsage(
    authorization: Authorization,
    threadId: string,
    signal: AbortSignal,
  ): Promise<WireThreadUsages | null>;
  /** Resolves with null if the workspace has no messages at all. */
  readWorkspaceMessages(
    authorization: Authorization,
    signal: AbortSignal,
  ): Promise<WireWorkspaceMessages | null>;
  /** Reads the accounts of the login, and where the requests of each belong. */
  readAccountsCheck(authorization: Authorization, signal: AbortSignal): Promise<AccountsCheckReply>;
  /**
   * Exchanges the access token for one of another workspace of the user. Sends no account header.
   * @throws AppError `unsupported` with the text of the reference if the backend refuses it
   */
  exchangeWorkspaceToken(
    authorization: Authorization,
    accountId: string,
    signal: AbortSignal,
  ): Promise<string>;
  /**
   * Asks the owner of the workspace for more credits or a higher limit. Resolves with false if the owner was asked too
   * short a time ago.
   */
  sendCreditsNudge(
    authorization: Authorization,
    creditType: 'credits' | 'usage_limit',
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Keeps later reads from sharing a fetch with those in flight. Call after the login has changed. */
  separateReads(): void;
  /** Fails the reads in flight with `unauthorized`; a consume goes on. Call after the login was removed. */
  failReads(): void;
}

export function createBackendClient(
  options: Omit<AccountContext, 'pauses' | 'findTarget' | 'standingHeaders'>,
): BackendClient {
  const context: AccountContext = {
    ...options,
    pauses: createPauses(options.clock),
    findTarget: createTargets(options.timeLimits),
    standingHeaders: createStandingHeaders(),
  };
  const reads = createSharedReads();
  return {
    readRateLimits(authorization, how, signal) {
      if (how.isFresh) reads.separate();
      const parameters = `${how.supportsLunaReserve} ${how.withResetCredits}`;
      return reads.run({ endpoint: 'usage', authorization, parameters }, signal, (joint) =>
        readRateLimits(context, authorization, how, joint),
      );
    },
    consumeResetCredit: (authorization, attempt, signal) =>
      consumeResetCredit(context, authorization, attempt, signal).finally(reads.separate),
    readProfile: (authorization, signal) =>
      reads.run({ endpoint: 'profile', authorization }, signal, (joint) =>
        readProfile(context, authorization, joint),
      ),
    readThreadUsage: (authorization, threadId, signal) =>
      reads.run({ endpoint: 'threadUsage', authorization, parameters: threadId }, signal, (joint) =>
        readThreadUsage(context, authorization, threadId, joint),
      ),
    readWorkspaceMessages: (authorization, signal) =>
      reads.run({ endpoint: 'workspaceMessages', authorization }, signal, (joint) =>
        readWorkspaceMessages(context, authorization, joint),
      ),
    readAccountsCheck: (authorization, signal) => readAccountsCheck(context, authorization, signal),
    exchangeWorkspaceToken: (authorization, accountId, signal) =>
      exchangeWorkspaceToken(context, authorization, accountId, signal),
    sendCreditsNudge: (authorization, creditType, signal) =>
      sendCreditsNudge(context, authorization, creditType, signal),
    separateReads: reads.separate,
    failReads: reads.fail,
  };
}
