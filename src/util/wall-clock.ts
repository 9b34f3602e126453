import type { Clock } from './clock.js';
import { pause } from './waiting.js';

/** How often the clocks are compared. A timer of node stands still while a laptop sleeps. */
const tickMs = 30_000;

/**
 * Waits until the wall clock says `untilMs`, in Unix milliseconds. If the clock is put back meanwhile, the wait still
 * ends after the time that it was to take. If the machine has slept, the wait ends within half a minute of its waking,
 * so that the caller can look at the world again.
 *
 * @returns whether the time has come; false after a sleep
 * @throws the signal's reason if it is aborted
 */
export async function pauseUntil(clock: Clock, untilMs: number, signal: AbortSignal): Promise<boolean> {
  const begunMs = clock.monotonicMs();
  const lengthMs = untilMs - clock.nowMs();
  for (;;) {
    const leftMs = Math.min(untilMs - clock.nowMs(), lengthMs - (clock.monotonicMs() - begunMs));
    if (leftMs <= 0) return true;
    const [wallMs, monotonicMs] = [clock.nowMs(), clock.monotonicMs()];
    await pause(clock, Math.min(leftMs, tickMs), signal);
    const leapMs = clock.nowMs() - wallMs - (clock.monotonicMs() - monotonicMs);
    if (leapMs > tickMs) return clock.nowMs() >= untilMs;
  }
}
