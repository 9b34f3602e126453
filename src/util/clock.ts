/** Time as the program sees it; tests pass their own. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  nowMs(): number;
  /** Calls back once after `delayMs`, never from 2^31 on; the returned function cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  after(delayMs, callback) {
    // A timer of Node cannot be longer; it would be over at once.
    const timer = delayMs < 2 ** 31 ? setTimeout(callback, delayMs) : undefined;
    return () => {
      clearTimeout(timer);
    };
  },
};
