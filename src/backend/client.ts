import { createSingleFlight } from '../util/single-flight.js';
import type { ConsumeAttempt } from './consume-reset-credit.js';
import { consumeResetCredit } from './consume-reset-credit.js';
import { sendCreditsNudge } from './credits-nudge.js';
import type { BackendIdentity } from './identity.js';
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
    identity: BackendIdentity,
    options: ReadRateLimitsOptions,
    signal: AbortSignal,
  ): Promise<RateLimitsReply>;
  /** Redeems a credit. Once it is sent, `signal` no longer ends it. Errors say whether the outcome is known. */
  consumeResetCredit(
    identity: BackendIdentity,
    attempt: ConsumeAttempt,
    signal: AbortSignal,
  ): Promise<WireConsume>;
  readProfile(identity: BackendIdentity, signal: AbortSignal): Promise<WireProfile>;
  /** Null: the backend has nothing on this thread, or does not say so to this login. */
  readThreadUsage(
    identity: BackendIdentity,
    threadId: string,
    signal: AbortSignal,
  ): Promise<WireThreadUsages | null>;
  /** Null: the workspace has no messages at all. */
  readWorkspaceMessages(
    identity: BackendIdentity,
    signal: AbortSignal,
  ): Promise<WireWorkspaceMessages | null>;
  /** Asks the owner of the workspace for more credits or a higher limit; false: asked too short a time ago. */
  sendCreditsNudge(
    identity: BackendIdentity,
    creditType: 'credits' | 'usage_limit',
    signal: AbortSignal,
  ): Promise<boolean>;
}

export function createBackendClient(options: Omit<TimedRequestContext, 'pauses'>): BackendClient {
  const context: TimedRequestContext = { ...options, pauses: createPauses(options.clock) };
  const reads = createSingleFlight();
  let consumesEnded = 0;

  /** Reads that ask the same, as the same login, share one fetch; but never one from before a consume ended. */
  async function shared<T>(
    what: readonly unknown[],
    identity: BackendIdentity,
    signal: AbortSignal,
    read: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    const base = await context.baseUrl();
    return reads.run(JSON.stringify([what, identity, base, consumesEnded]), signal, read);
  }

  return {
    readRateLimits: (identity, how, signal) =>
      shared(['rateLimits', how], identity, signal, (joint) => readRateLimits(context, identity, how, joint)),
    consumeResetCredit: (identity, attempt, signal) =>
      consumeResetCredit(context, identity, attempt, signal).finally(() => {
        consumesEnded += 1;
      }),
    readProfile: (identity, signal) =>
      shared(['profile'], identity, signal, (joint) => readProfile(context, identity, joint)),
    readThreadUsage: (identity, threadId, signal) =>
      shared(['threadUsage', threadId], identity, signal, (joint) =>
        readThreadUsage(context, identity, threadId, joint),
      ),
    readWorkspaceMessages: (identity, signal) =>
      shared(['workspaceMessages'], identity, signal, (joint) =>
        readWorkspaceMessages(context, identity, joint),
      ),
    sendCreditsNudge: (identity, creditType, signal) =>
      sendCreditsNudge(context, identity, creditType, signal),
  };
}
