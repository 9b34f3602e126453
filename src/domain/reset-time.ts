/** The members with which the backend says when a limit resets. */
interface Reset {
  /** Unix seconds. */
  readonly reset_at: number | null;
  readonly reset_after_seconds: number | null;
}

/** Returns when a limit resets, in Unix seconds: by its time, or else by the seconds that were left. */
export function resetTime({ reset_at, reset_after_seconds }: Reset, receivedAtMs: number): number | null {
  if (reset_at !== null || reset_after_seconds === null) return reset_at;
  return Math.ceil(receivedAtMs / 1000) + reset_after_seconds;
}
