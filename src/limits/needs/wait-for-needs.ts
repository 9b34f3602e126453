import type { Clock } from '../../util/clock.js';
import { pauseUntil } from '../../util/wall-clock.js';
import { type CheckedNeeds, checkNeeds, type Need, type NeedsRead } from './needs.js';
import { nextReadMs } from './wait-pace.js';

/** The state of a wait. */
export interface WaitState<Read> {
  /** The last read and what it means; undefined before the first read that succeeded. */
  readonly last: { readonly read: Read; readonly checked: CheckedNeeds } | undefined;
  /** Why the last read failed; undefined if it did not. */
  readonly error: unknown;
  /** When the limits are read again, in Unix milliseconds. */
  readonly nextMs: number;
}

export interface WaitOptions<Read extends NeedsRead> {
  readonly needs: readonly Need[];
  readonly read: () => Promise<Read>;
  /** Resolves with whether to read at once: another process has read or redeemed. It must not fail. */
  readonly hasChanged?: (() => Promise<boolean>) | undefined;
  /** Returns undefined if an error of `read` ends the wait. */
  readonly passing: (error: unknown) => { readonly retryAfterMs: number | undefined } | undefined;
  /** Called after each read that does not end the wait. */
  readonly onWait: (state: WaitState<Read>) => void;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly signal: AbortSignal;
}

/**
 * Reads the limits until use is allowed and every need is met. Sleeps until the limits are expected to reset. It also
 * ends if a need names a window that the account does not have: no wait would meet it.
 *
 * @returns the last read and what it means
 * @throws the signal's reason once it is aborted; an error of `read` that ends the wait
 */
export async function waitForNeeds<Read extends NeedsRead>(
  options: WaitOptions<Read>,
): Promise<{ readonly read: Read; readonly checked: CheckedNeeds }> {
  const { needs, clock, random, signal } = options;
  let last: WaitState<Read>['last'];
  for (let failures = 0; ;) {
    let error: unknown;
    let retryAfterMs: number | undefined;
    signal.throwIfAborted();
    try {
      const read = await options.read();
      const checked = checkNeeds(read, needs, clock.nowMs());
      last = { read, checked };
      failures = 0;
      if (checked.verdict === 'enough' || checked.needs.some(({ hasLimit }) => !hasLimit)) return last;
    } catch (thrown) {
      signal.throwIfAborted();
      const passing = options.passing(thrown);
      if (!passing) throw thrown;
      ({ retryAfterMs } = passing);
      error = thrown;
      failures += 1;
    }
    const expectedAt = last?.checked.expectedAt ?? null;
    const nextMs = nextReadMs({ expectedAt, failures, retryAfterMs, nowMs: clock.nowMs(), random: random() });
    options.onWait({ last, error, nextMs });
    await untilNextRead(nextMs, options);
  }
}

/** How often to look whether another process has changed something. */
const changesEveryMs = 30_000;

/** Waits until the time has come, the machine has slept, or something has changed. */
async function untilNextRead<Read extends NeedsRead>(
  nextMs: number,
  { clock, signal, hasChanged }: WaitOptions<Read>,
): Promise<void> {
  const lastMs = clock.monotonicMs() + nextMs - clock.nowMs();
  for (;;) {
    const untilMs = Math.min(nextMs, clock.nowMs() + changesEveryMs);
    const isAwake = await pauseUntil(clock, untilMs, signal);
    const isOver = clock.nowMs() >= nextMs || clock.monotonicMs() >= lastMs;
    if (!isAwake || isOver || (await hasChanged?.())) return;
  }
}
