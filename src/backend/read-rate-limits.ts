import { AppError } from '../util/errors.js';
import type { Authorization, BackendIdentity } from './identity.js';
import { repeatedRequest, timedRequest, type TimedRequestContext } from './timed-request.js';
import { WireResetCredits } from './wire-reset-credits.js';
import { WireUsage } from './wire-usage.js';

export interface ReadRateLimitsOptions {
  readonly supportsLunaReserve: boolean;
  readonly withResetCredits: boolean;
}

export interface RateLimitsReply {
  readonly usage: WireUsage;
  readonly resetCredits: WireResetCredits | null;
  /** Whom the usage is of. */
  readonly identity: BackendIdentity;
}

/** Usage, and reset credits if they come in time; a failed usage does not wait for them. */
export async function readRateLimits(
  context: TimedRequestContext,
  authorization: Authorization,
  { supportsLunaReserve, withResetCredits }: ReadRateLimitsOptions,
  signal: AbortSignal,
): Promise<RateLimitsReply> {
  const { clock, timeLimits } = context;
  if (!withResetCredits) {
    const { usage, identity } = await readUsage(context, authorization, supportsLunaReserve, signal);
    return { usage, resetCredits: null, identity };
  }
  const enough = new AbortController();
  const stopWaiting = (): void => {
    const timedOut = 'rate limit reset credits fetch timed out';
    enough.abort(signal.aborted ? signal.reason : new AppError('timedOut', timedOut));
  };
  signal.addEventListener('abort', stopWaiting, { once: true });
  const rateLimits = readUsage(context, authorization, supportsLunaReserve, signal);
  const resetCredits = readResetCredits(context, authorization, enough.signal);
  const credits = { haveCome: false };
  const come = (): void => {
    credits.haveCome = true;
  };
  // The usage may fail first; then nobody else hears of a failure.
  resetCredits.then(come, come);
  let cancelTimer: (() => void) | undefined;
  try {
    const { usage, identity } = await rateLimits;
    if (!credits.haveCome) cancelTimer = clock.after(timeLimits.detailsAfterUsageMs, stopWaiting);
    return { usage, resetCredits: await resetCredits, identity };
  } catch (error) {
    stopWaiting();
    throw error;
  } finally {
    cancelTimer?.();
    signal.removeEventListener('abort', stopWaiting);
  }
}

async function readUsage(
  context: TimedRequestContext,
  authorization: Authorization,
  supportsLunaReserve: boolean,
  signal: AbortSignal,
): Promise<Omit<RateLimitsReply, 'resetCredits'>> {
  const isReserveAsked = supportsLunaReserve && !authorization.identity.isFedramp;
  const { value, text, identity } = await timedRequest(
    context,
    {
      endpoint: 'usage',
      authorization,
      errorPrefix: 'failed to fetch codex rate limits',
      limitMs: context.timeLimits.usageMs,
      timeoutMessage: 'codex rate limits fetch timed out',
      schema: WireUsage,
      repeatability: 'read',
      headers: isReserveAsked ? { 'x-openai-codex-luna-reserve': '1' } : undefined,
    },
    signal,
  );
  return { usage: Object.assign(value, { body_text: text }), identity };
}

async function readResetCredits(
  context: TimedRequestContext,
  authorization: Authorization,
  signal: AbortSignal,
): Promise<WireResetCredits | null> {
  try {
    const { value } = await repeatedRequest(
      context,
      {
        endpoint: 'resetCredits',
        authorization,
        errorPrefix: 'failed to fetch rate limit reset credits',
        schema: WireResetCredits,
        repeatability: 'read',
        // Longer than its reader waits, who aborts it.
        limitMs: context.timeLimits.usageMs + context.timeLimits.detailsAfterUsageMs,
      },
      signal,
      signal,
    );
    return value;
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
