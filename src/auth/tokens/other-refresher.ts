import { withinMs } from '../../util/waiting.js';
import type { Clock } from '../../util/clock.js';
import type { Refresher } from './refresher.js';
import type { TokenSaver } from './token-saver.js';

/** A process that refreshes the stored tokens in the place of this one, as long as it runs. */
export interface OtherRefresher {
  isActive(): boolean;
  /** Asks it for new tokens. Resolves when it has answered. Never throws. */
  refresh(): Promise<void>;
}

/** How long to wait until a refresh that was sent is saved. */
const savedWaitMs = 15_000;

/**
 * Refreshes with the other process while that is active. Both would use the same refresh token: the issuer accepts it
 * once, and may end the login if it comes again.
 */
export function createSharedRefresher(own: Refresher, other: OtherRefresher): Refresher {
  return {
    ...own,
    refresh: (reason, tokens) => (other.isActive() ? other.refresh() : own.refresh(reason, tokens)),
  };
}

/** Resolves when no refresh of ours is in progress and its tokens are saved, at the latest after 15 s. */
export async function refreshesSaved(own: Refresher, saver: TokenSaver, clock: Clock): Promise<void> {
  await withinMs(clock, savedWaitMs, Promise.all([own.settled(), saver.settled()]));
}
