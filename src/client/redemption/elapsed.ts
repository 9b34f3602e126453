import type { Clock } from '../../util/clock.js';
import type { Redemption } from './redemption.js';

/** Tells the time for the waits of redemptions. */
export interface RedemptionTimes {
  /** Call when this process has seen that the attempt with this key used a credit. */
  noteRedeemed(key: string): void;
  /**
   * Returns the time for an attempt, in milliseconds since the Unix epoch. After a redemption in this process it is not
   * affected by changes of the system's time.
   */
  nowMsFor(redemption: Pick<Redemption, 'key' | 'redeemedAtMs'>): number;
}

export function createRedemptionTimes(clock: Clock): RedemptionTimes {
  const redeemed = new Map<string, number>();
  return {
    noteRedeemed: (key) => void redeemed.set(key, clock.monotonicMs()),
    nowMsFor({ key, redeemedAtMs }) {
      const sinceMs = redeemed.get(key);
      if (sinceMs === undefined || redeemedAtMs === null) return clock.nowMs();
      return redeemedAtMs + clock.monotonicMs() - sinceMs;
    },
  };
}
