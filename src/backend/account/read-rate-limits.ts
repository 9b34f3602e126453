import { AppError } from '../../util/errors.js';
import type { AccountContext } from './endpoints.js';
import type { Authorization, BackendIdentity } from '../request/identity.js';
import { sendRequest } from '../request/send-request.js';
import { WireResetCredits } from './wire-reset-credits.js';
import { WireUsage } from './wire-usage.js';

export interface ReadRateLimitsOptions {
  readonly supportsLunaReserve: boolean;
  readonly withResetCredits: boolean;
  /** Whether the values must not be older than the call: it joins no fetch in flight. */
  readonly isFresh?: boolean;
}

export interface RateLimitsReply {
  readonly usage: WireUsage;
  readonly resetCredits: WireResetCredits | null;
  /** When the request for it was sent. */
  readonly startedAtMs: number;
  /** When the usage arrived. */
  readonly receivedAtMs: number;
  /** The login that the usage belongs to. */
  readonly identity: BackendIdentity;
}

/** Reads the usage, and the reset credits if they come in time. A failed usage does not wait for them (D4). */
export async function readRateLimits(
  context: AccountContext,
  authorization: Authorization,
  { supportsLunaReserve, withResetCredits }: ReadRateLimitsOptions,
  signal: AbortSignal,
): Promise<RateLimitsReply> {
  const isReserveAsked = supportsLunaReserve && !authorization.identity.isFedramp;
  const request = {
    target: context.findTarget(authorization.baseUrl, 'usage'),
    authorization,
    schema: WireUsage,
    repeatability: 'read',
    headers: isReserveAsked ? { 'x-openai-codex-luna-reserve': '1' } : undefined,
  } as const;
  const startedAtMs = context.clock.nowMs();
  const usageReply = sendRequest(context, request, signal);
  const details = withResetCredits ? startDetails(context, authorization, signal) : undefined;
  try {
    const { value, text, identity } = await usageReply;
    const usage = Object.assign(value, { body_text: text });
    const receivedAtMs = context.clock.nowMs();
    const resetCredits = details ? await details.untilLate() : null;
    return { usage, resetCredits, startedAtMs, receivedAtMs, identity };
  } catch (error) {
    details?.stop();
    throw error;
  }
}

/** The reset credits that are read beside the usage. */
interface Details {
  /** Waits for them, at most `detailsAfterUsageMs` from now. Resolves with null if they failed or did not come. */
  untilLate(): Promise<WireResetCredits | null>;
  stop(): void;
}

function startDetails(context: AccountContext, authorization: Authorization, signal: AbortSignal): Details {
  const { clock, timeLimits } = context;
  const ending = new AbortController();
  const request = {
    target: context.findTarget(authorization.baseUrl, 'resetCredits'),
    authorization,
    schema: WireResetCredits,
    repeatability: 'read',
  } as const;
  const stop = (): void => ending.abort(new AppError('timedOut', request.target.timeoutMessage));
  let cancelTimer: (() => void) | undefined;
  let haveCome = false;

  async function read(): Promise<WireResetCredits | null> {
    try {
      return (await sendRequest(context, request, ending.signal)).value;
    } catch (error) {
      if (error instanceof AppError) return null;
      throw error;
    } finally {
      haveCome = true;
      cancelTimer?.();
      signal.removeEventListener('abort', stop);
    }
  }

  signal.addEventListener('abort', stop, { once: true });
  const details = read();
  // If the usage fails first, nothing waits for them.
  details.catch(() => undefined);
  return {
    untilLate() {
      if (!haveCome) cancelTimer = clock.after(timeLimits.detailsAfterUsageMs, stop);
      return details;
    },
    stop,
  };
}
