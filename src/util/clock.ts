/** The source of time and timers. Tests pass their own. */
export interface Clock {
  /** Returns the milliseconds since the Unix epoch. A change of the system's time can put it back or ahead. */
  nowMs(): number;
  /** Returns whole milliseconds from an arbitrary origin. A change of the system's time does not affect them. */
  monotonicMs(): number;
  /** Calls `callback` once after `delayMs`, however long that is. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

/** Node fires a timer with a longer delay immediately. */
const longestTimerMs = 2 ** 31 - 1;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  // `performance.now()` takes more than a millisecond the first time.
  monotonicMs: () => Number(process.hrtime.bigint() / 1_000_000n),
  after(delayMs, callback) {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      const thisMs = Math.min(leftMs, longestTimerMs);
      timer = setTimeout(() => (leftMs > thisMs ? wait(leftMs - thisMs) : callback()), thisMs);
    };
    wait(delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};
