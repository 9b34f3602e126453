import type { LimitWindow } from '../windows.js';

/** The memory of a watch for events, from one read to the next and across restarts. */
export interface EventMemory {
  /** The permission that was reported last, or that was there at the first read; null before it was known. */
  readonly permission: 'allowed' | 'blocked' | null;
  /** The windows of the last read, by limit and length. */
  readonly windows: Readonly<Record<string, LimitWindow>>;
  /** The number of reset credits, and the ids of those that are listed, if they ever were. Null before the first read. */
  readonly credits: { readonly count: number; readonly ids: readonly string[] | null } | null;
  /** The conditions that hold and were reported. */
  readonly on: readonly string[];
  /** When each event was reported last, in Unix milliseconds. Old ones are forgotten. */
  readonly reportedMs: Readonly<Record<string, number>>;
}

export const emptyMemory: EventMemory = {
  permission: null,
  windows: {},
  credits: null,
  on: [],
  reportedMs: {},
};

/** An event about the same thing is reported at most once in this time. */
export const quietMs = 10 * 60_000;

/** Collects the events of one read. */
export interface EventDraft {
  readonly nowMs: number;
  /** Returns whether an event of this key may be reported now, and notes that it was. */
  report(key: string): boolean;
  /**
   * Returns whether a condition is to be reported: it holds, and has not been reported since it began to. A report that
   * has to wait for `quietMs` is made later, if the condition still holds.
   *
   * @param holds null if that is not known, which changes nothing
   */
  begins(key: string, holds: boolean | null): boolean;
  /** Ends conditions, so that they are reported again. */
  end(isOver: (key: string) => boolean): void;
  /** Notes a condition as reported. */
  skip(key: string): void;
  memory(): Pick<EventMemory, 'on' | 'reportedMs'>;
}

export function draftEvents(memory: EventMemory, nowMs: number): EventDraft {
  const on = new Set(memory.on);
  const reportedMs = new Map(
    // A time in the future: the clock was put back.
    Object.entries(memory.reportedMs).filter(([, ms]) => ms <= nowMs && nowMs - ms < quietMs),
  );
  const report = (key: string): boolean => {
    if (reportedMs.has(key)) return false;
    reportedMs.set(key, nowMs);
    return true;
  };
  return {
    nowMs,
    report,
    begins(key, holds) {
      if (holds === false) on.delete(key);
      if (!holds || on.has(key) || !report(key)) return false;
      on.add(key);
      return true;
    },
    end(isOver) {
      for (const key of [...on]) if (isOver(key)) on.delete(key);
    },
    skip: (key) => void on.add(key),
    memory: () => ({ on: [...on].sort(), reportedMs: Object.fromEntries(reportedMs) }),
  };
}
