import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../util/clock.js';

/** An output stream, which may be a terminal. */
export type Screen = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Streams, environment, clock and signals for `redeem`. */
export interface RedeemIo {
  readonly stdin: Readable & { readonly isTTY?: boolean; readonly setRawMode?: (isRaw: boolean) => unknown };
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** Resolves when the user or the system asks the process to stop. */
  readonly untilStopped: () => Promise<void>;
}
