import { neverAborted } from '../../util/never-aborted.js';
import type { Clock } from '../../util/clock.js';
import { pause } from '../../util/waiting.js';
import type { Call } from '../connection/call.js';
import type { GetAccountRateLimitsResponse } from '../protocol.js';
import type { Attempts } from './attempt.js';
import type { RedemptionTimes } from './elapsed.js';
import { isBasedOn, type ReadBasis, readWithBasis } from './read-basis.js';
import type { Redemption } from '../record/redemption.js';
import { claimOf } from '../record/state.js';
import { movementOf, windowsAfter } from '../record/windows.js';

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
  times: RedemptionTimes;
  /** Called with each read. */
  onRead: (read: ReadBasis) => void;
}): Verifier {
  const { attempts, call, clock, times } = options;

  function checkWindows(redemption: Redemption, limits: GetAccountRateLimitsResponse | null): Redemption {
    const windows = windowsAfter(
      redemption,
      limits?.rateLimits ?? null,
      times.nowMsFor(redemption, 'redeemedAtMs'),
    );
    return attempts.advance({ ...redemption, windows }, movementOf(windows));
  }

  /** Returns null if the read fails: a redemption succeeds all the same. */
  async function read(of: Redemption, signal: AbortSignal): Promise<GetAccountRateLimitsResponse | null> {
    const read = await readWithBasis(call, clock, {}, { signal }).catch(() => null);
    if (!read || !isBasedOn(read.basis, of.account)) return null;
    options.onRead(read.basis);
    return read.limits;
  }

  return {
    checkWindows,
    async verify(before, { verifyForMs = defaultVerifyMs, signal = neverAborted }) {
      const startMs = clock.monotonicMs();
      let redemption = before;
      let limits: GetAccountRateLimitsResponse | null = null;
      let isLast = false;
      for (let delayMs = firstDelayMs; ; delayMs *= 2) {
        limits = (await read(redemption, signal)) ?? limits;
        if (isOpen(redemption)) redemption = checkWindows(redemption, limits);
        const leftMs = verifyForMs - (clock.monotonicMs() - startMs);
        if (!isOpen(redemption) || signal.aborted || isLast || leftMs <= 0) return { redemption, limits };
        isLast = delayMs >= leftMs;
        await pause(clock, Math.min(delayMs, leftMs), signal).catch(() => undefined);
      }
    },
  };

  function isOpen(redemption: Redemption): boolean {
    return claimOf(redemption, times.nowMsFor(redemption, 'redeemedAtMs')) !== 'none';
  }
}
