import { neverAborted } from '../../util/never-aborted.js';
import type { Clock } from '../../util/clock.js';
import { pause } from '../../util/waiting.js';
import type { Call } from '../connection/call.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { Attempts } from './attempt.js';
import type { Redemption } from './redemption.js';
import { claimOf } from './state.js';
import { movementOf, windowsAfter } from './windows.js';

/** The read of the limits that a redemption is based on. */
export interface ReadBasis {
  readonly accountId: string | null;
  /** When the request was sent, in milliseconds since the Unix epoch. */
  readonly readAtMs: number;
}

export interface VerifyOptions {
  readonly verifyForMs?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface VerifyResult {
  readonly redemption: Redemption;
  /** The limits after the redemption; null if they could not be read. */
  readonly limits: GetAccountRateLimitsResponse | null;
}

export interface Verifier {
  /** Reads the limits, with growing pauses, until all windows have moved or `verifyForMs` has passed. */
  verify(redemption: Redemption, options: VerifyOptions): Promise<VerifyResult>;
  /** Records which windows have moved. `limits` is null if they could not be read. */
  checkWindows(redemption: Redemption, limits: GetAccountRateLimitsResponse | null): Redemption;
}

const defaultVerifyMs = 15_000;
const firstDelayMs = 1_000;
export function createVerifier(options: {
  attempts: Attempts;
  call: Call;
  clock: Clock;
  /** Called with each read. */
  onRead: (read: ReadBasis) => void;
}): Verifier {
  const { attempts, call, clock } = options;

  function checkWindows(redemption: Redemption, limits: GetAccountRateLimitsResponse | null): Redemption {
    const windows = windowsAfter(redemption, limits?.rateLimits ?? null, clock.nowMs());
    return attempts.advance({ ...redemption, windows }, movementOf(windows));
  }

  /** Returns null if the read fails: a redemption succeeds all the same. */
  async function read(of: Redemption, signal: AbortSignal): Promise<GetAccountRateLimitsResponse | null> {
    // The read counts as later than the outcome, even if both have the same millisecond.
    const readAtMs = Math.max(clock.nowMs(), outcomeKnownAtMs(of) + 1);
    const limits = await call('account/rateLimits/read', {}, { signal }).catch(() => null);
    if (limits?.accountId !== of.account.accountId) return null;
    options.onRead({ accountId: limits.accountId, readAtMs });
    return limits;
  }

  return {
    checkWindows,
    async verify(before, { verifyForMs = defaultVerifyMs, signal = neverAborted }) {
      const startMs = clock.nowMs();
      let pausedMs = 0;
      let redemption = before;
      let limits: GetAccountRateLimitsResponse | null = null;
      for (let delayMs = firstDelayMs; ; delayMs *= 2) {
        limits = (await read(redemption, signal)) ?? limits;
        if (isOpen(redemption)) redemption = checkWindows(redemption, limits);
        // The clock may be set back meanwhile.
        const passedMs = Math.max(pausedMs, clock.nowMs() - startMs);
        if (!isOpen(redemption) || signal.aborted || passedMs + delayMs > verifyForMs) {
          return { redemption, limits };
        }
        await pause(clock, delayMs, signal).catch(() => undefined);
        pausedMs += delayMs;
      }
    },
  };

  function isOpen(redemption: Redemption): boolean {
    return claimOf(redemption, clock.nowMs()) !== 'none';
  }
}

/** Returns when the outcome of an attempt became known. */
export function outcomeKnownAtMs({ redeemedAtMs, updatedAtMs }: Redemption): number {
  return redeemedAtMs ?? updatedAtMs;
}
