import { AppError } from '../util/errors.js';
import type { BackendIdentity } from './identity.js';
import { timedRequest, type TimedRequestContext } from './timed-request.js';
import { WireResetCredits } from './wire-reset-credits.js';
import { WireUsage } from './wire-usage.js';

export interface ReadRateLimitsOptions {
  readonly supportsLunaReserve: boolean;
  readonly withResetCredits: boolean;
}

export interface RateLimitsReply {
  readonly usage: WireUsage;
  readonly resetCredits: WireResetCredits | null;
}

/** Usage, and reset credits if they come in time; a failed usage does not wait for them. */
export async function readRateLimits(
  context: TimedRequestContext,
  identity: BackendIdentity,
  { supportsLunaReserve, withResetCredits }: ReadRateLimitsOptions,
  signal: AbortSignal,
): Promise<RateLimitsReply> {
  const { clock, timeLimits } = context;
  const enough = new AbortController();
  const resetCredits = withResetCredits
    ? readResetCredits(context, identity, AbortSignal.any([signal, enough.signal]))
    : Promise.resolve(null);
  resetCredits.catch(() => undefined); // The usage may fail first; then nobody awaits this.
  let cancelTimer: (() => void) | undefined;
  const stopWaiting = (): void => {
    enough.abort(new AppError('timedOut', 'rate limit reset credits fetch timed out'));
  };
  try {
    const usage = await readUsage(context, identity, supportsLunaReserve, signal);
    cancelTimer = clock.after(timeLimits.detailsAfterUsageMs, stopWaiting);
    return { usage, resetCredits: await resetCredits };
  } finally {
    cancelTimer?.();
    stopWaiting();
  }
}

async function readUsage(
  context: TimedRequestContext,
  identity: BackendIdentity,
  supportsLunaReserve: boolean,
  signal: AbortSignal,
): Promise<WireUsage> {
  const isReserveAsked = supportsLunaReserve && !identity.isFedramp;
  const { value, text } = await timedRequest(
    context,
    {
      endpoint: 'usage',
      identity,
      errorPrefix: 'failed to fetch codex rate limits',
      limitMs: context.timeLimits.usageMs,
      timeoutMessage: 'codex rate limits fetch timed out',
      schema: WireUsage,
      repeatability: 'read',
      headers: isReserveAsked ? { 'x-openai-codex-luna-reserve': '1' } : {},
    },
    signal,
  );
  return { ...value, body_text: text };
}

async function readResetCredits(
  context: TimedRequestContext,
  identity: BackendIdentity,
  signal: AbortSignal,
): Promise<WireResetCredits | null> {
  try {
    const { value } = await timedRequest(
      context,
      {
        endpoint: 'resetCredits',
        identity,
        errorPrefix: 'failed to fetch rate limit reset credits',
        schema: WireResetCredits,
        repeatability: 'read',
        // Once the usage is there, the reader's patience is the limit.
        limitMs: context.timeLimits.usageMs + context.timeLimits.detailsAfterUsageMs,
        timeoutMessage: 'rate limit reset credits fetch timed out',
      },
      signal,
    );
    return value;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
