import { amendedError, AppError } from '../util/errors.js';
import { wasNeverConnected } from './http.js';
import type { BackendIdentity } from './identity.js';
import type { BackendTimeLimits } from './limits.js';
import { type RequestContext, requestJson } from './request.js';
import { withTimeLimit } from './time-limit.js';
import { WireConsume, WireResetCredits } from './wire-reset-credits.js';
import { WireUsage } from './wire-usage.js';

/** The account backend, typed. Every call may throw AppError; backend.md 2 has the texts. */
export interface BackendClient {
  /**
   * Usage and reset credits, fetched at the same time. The credits are best effort: null when not asked for, when
   * they fail, or when they take longer than the limit after the usage has arrived.
   */
  readRateLimits(
    identity: BackendIdentity,
    options: ReadRateLimitsOptions,
    signal: AbortSignal,
  ): Promise<{ usage: WireUsage; resetCredits: WireResetCredits | null }>;
  /** Redeems a credit. Once it is sent, `signal` no longer ends it. Errors say whether the outcome is known. */
  consumeResetCredit(
    identity: BackendIdentity,
    attempt: ConsumeAttempt,
    signal: AbortSignal,
  ): Promise<WireConsume>;
}

export interface ReadRateLimitsOptions {
  readonly supportsLunaReserve: boolean;
  readonly withResetCredits: boolean;
}

export interface ConsumeAttempt {
  readonly idempotencyKey: string;
  readonly creditId: string | null;
}

export interface BackendClientOptions extends RequestContext {
  readonly timeLimits: BackendTimeLimits;
}

export function createBackendClient(options: BackendClientOptions): BackendClient {
  const { clock, timeLimits } = options;

  async function readUsage(
    identity: BackendIdentity,
    supportsLunaReserve: boolean,
    signal: AbortSignal,
  ): Promise<WireUsage> {
    const isReserveAsked = supportsLunaReserve && !identity.isFedramp;
    const { value, text } = await requestJson(
      options,
      {
        endpoint: 'usage',
        identity,
        errorPrefix: 'failed to fetch codex rate limits',
        schema: WireUsage,
        headers: isReserveAsked ? { 'x-openai-codex-luna-reserve': '1' } : {},
      },
      signal,
    );
    return { ...value, body_text: text };
  }

  async function readResetCredits(
    identity: BackendIdentity,
    signal: AbortSignal,
  ): Promise<WireResetCredits | null> {
    try {
      const request = {
        endpoint: 'resetCredits',
        identity,
        errorPrefix: 'failed to fetch rate limit reset credits',
        schema: WireResetCredits,
      } as const;
      return (await requestJson(options, request, signal)).value;
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    }
  }

  return {
    async readRateLimits(identity, { supportsLunaReserve, withResetCredits }, signal) {
      const enough = new AbortController();
      const resetCredits = withResetCredits
        ? readResetCredits(identity, AbortSignal.any([signal, enough.signal]))
        : Promise.resolve(null);
      resetCredits.catch(() => undefined); // The usage may fail first; then nobody awaits this.
      let cancelTimer: (() => void) | undefined;
      const stopWaiting = (): void => {
        enough.abort(new AppError('timedOut', 'rate limit reset credits fetch timed out'));
      };
      try {
        const usage = await withTimeLimit(
          { clock, limitMs: timeLimits.usageMs, message: 'codex rate limits fetch timed out', signal },
          (usageSignal) => readUsage(identity, supportsLunaReserve, usageSignal),
        );
        cancelTimer = clock.after(timeLimits.detailsAfterUsageMs, stopWaiting);
        return { usage, resetCredits: await resetCredits };
      } finally {
        cancelTimer?.();
        stopWaiting();
      }
    },

    async consumeResetCredit(identity, { idempotencyKey, creditId }, signal) {
      const request = {
        endpoint: 'consumeResetCredit',
        identity,
        errorPrefix: 'failed to consume rate limit reset',
        schema: WireConsume,
        sendUnlessAborted: signal,
        json: {
          redeem_request_id: idempotencyKey,
          ...(creditId !== null && { credit_id: creditId }),
        },
      } as const;
      const limit = {
        clock,
        limitMs: timeLimits.consumeMs,
        message: 'rate limit reset consume timed out',
      };
      try {
        return (await withTimeLimit(limit, (sentSignal) => requestJson(options, request, sentSignal))).value;
      } catch (error) {
        throw error instanceof AppError ? withOutcomeKnown(error) : error;
      }
    },
  };
}

/** Statuses with which the backend refuses a consume before it does anything. */
const refusals = new Set([400, 401, 403, 404, 422, 429]);

/** Says whether certainly nothing was redeemed: the request was not sent, or it was refused. */
function withOutcomeKnown(error: AppError): AppError {
  const outcomeKnown =
    error.kind === 'configInvalid' || wasNeverConnected(error) || refusals.has(error.details.httpStatus ?? 0);
  return amendedError(error, { details: { outcomeKnown } });
}
