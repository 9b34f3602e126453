import type { Clock } from '../../util/clock.js';
import type { Redemption } from '../record/redemption.js';

/** A moment of an attempt, by the member that records its time. */
export type TimeMember = 'startedAtMs' | 'updatedAtMs' | 'redeemedAtMs';

/** Measures the times since moments of attempts. Changes of the system's time do not affect those of this process. */
export interface RedemptionTimes {
  /** Call when the moment comes. */
  note(key: string, moment: TimeMember): void;
  /** Returns the time for an attempt, measured from that moment, in milliseconds since the Unix epoch. */
  nowMsFor(redemption: Pick<Redemption, 'key' | TimeMember>, moment: TimeMember): number;
}

export function createRedemptionTimes(clock: Clock): RedemptionTimes {
  const noted = new Map<string, number>();
  return {
    note: (key, moment) => void noted.set(`${moment} ${key}`, clock.monotonicMs()),
    nowMsFor(redemption, moment) {
      const at = redemption[moment];
      const notedMs = noted.get(`${moment} ${redemption.key}`);
      if (notedMs === undefined || at === null) return clock.nowMs();
      return at + clock.monotonicMs() - notedMs;
    },
  };
}
