import type { WatchPause } from '../../../handlers/limits/watch-limits.js';
import type { Clock } from '../../../util/clock.js';
import { pause } from '../../../util/waiting.js';

/** The phase of a watch. */
export type WatchPhase =
  | { readonly kind: 'reading' }
  | {
      readonly kind: 'waiting';
      /** The time until the next read. */
      readonly leftMs: number;
      /** Whether the user may end the wait. */
      readonly canReadNow: boolean;
    };

/** The pauses of a watch, which the user can end. */
export interface WatchPauses {
  readonly pause: WatchPause;
  phase(): WatchPhase;
  /** Ends the pause, if that is allowed now. */
  readNow(): void;
}

/** The shortest time between the starts of two reads. */
const leastMs = 2_000;

/** @param onPhase called when the phase changes */
export function createWatchPauses(clock: Clock, signal: AbortSignal, onPhase: () => void): WatchPauses {
  let readAtMs = clock.monotonicMs();
  let current: { dueMs: number; allowedMs: number; end: AbortController } | undefined;

  const canReadNow = (): boolean => current !== undefined && clock.monotonicMs() >= current.allowedMs;

  return {
    async pause(delayMs, { blockedMs }) {
      const end = new AbortController();
      const nowMs = clock.monotonicMs();
      current = { dueMs: nowMs + delayMs, allowedMs: Math.max(readAtMs + leastMs, nowMs + blockedMs), end };
      onPhase();
      try {
        await pause(clock, delayMs, AbortSignal.any([signal, end.signal]));
        return 'over';
      } catch (error) {
        signal.throwIfAborted();
        if (!end.signal.aborted) throw error;
        return 'ended';
      } finally {
        current = undefined;
        readAtMs = clock.monotonicMs();
        onPhase();
      }
    },
    phase() {
      if (!current) return { kind: 'reading' };
      const leftMs = Math.max(0, current.dueMs - clock.monotonicMs());
      return { kind: 'waiting', leftMs, canReadNow: canReadNow() };
    },
    readNow() {
      if (canReadNow()) current?.end.abort();
    },
  };
}

/** Joins the pauses of watches that are shown together: the next read is that of any of them. */
export function joinedPauses(all: readonly WatchPauses[]): Pick<WatchPauses, 'phase' | 'readNow'> {
  return {
    phase() {
      const phases = all.map((each) => each.phase());
      const waiting = phases.filter((phase) => phase.kind === 'waiting');
      if (waiting.length === 0) return { kind: 'reading' };
      return {
        kind: 'waiting',
        leftMs: Math.min(...waiting.map(({ leftMs }) => leftMs)),
        canReadNow: waiting.some(({ canReadNow }) => canReadNow),
      };
    },
    readNow() {
      for (const each of all) each.readNow();
    },
  };
}
