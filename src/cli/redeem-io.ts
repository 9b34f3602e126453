import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../util/clock.js';

/** What is a terminal says so, and how wide it is. */
export type Screen = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** The world around `redeem`. */
export interface RedeemIo {
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly setRawMode?: (isRaw: boolean) => unknown };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Resolves when the person or the system asks the process to stop. */
  readonly untilStopped: () => Promise<void>;
}
