/** The source of time and timers. Tests pass their own. */
export interface Clock {
  /** Returns the milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Calls `callback` once after `delayMs`, or never if that is 2^31 or more. Returns a function that cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    // Node fires a timer with a longer delay immediately.
    const timer = delayMs < 2 ** 31 ? setTimeout(callback, delayMs) : undefined;
    return () => {
      clearTimeout(timer);
    };
  },
};
