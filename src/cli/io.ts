import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../util/clock.js';
import type { JobControl } from './terminal/job-control.js';

/** An output stream. A terminal says that it is one, and how large it is. */
export type Screen = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** An input stream. A terminal says that it is one, and can hand over single keys. */
export type Keyboard = Readable & {
  readonly isTTY?: boolean;
  readonly setRawMode?: (isRaw: boolean) => unknown;
};

/** What a command gets from its process. Each command picks what it needs. */
export interface Io {
  readonly stdin: Keyboard;
  readonly stdout: Screen;
  readonly stderr: Screen;
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly jobControl: JobControl;
  /** Resolves when the user or the system asks the process to stop. */
  readonly untilStopped: () => Promise<void>;
}

export type UsageIo = Omit<Io, 'stdin'>;

export type RedeemIo = Pick<Io, 'stdin' | 'stdout' | 'stderr' | 'env' | 'clock' | 'untilStopped'>;

export type LoginIo = Pick<Io, 'stdin' | 'stdout' | 'stderr' | 'env' | 'untilStopped'>;

export type LogoutIo = Pick<Io, 'stdout' | 'stderr' | 'env'>;

export type LoginStatusIo = Pick<Io, 'stderr' | 'env'>;

export type SignInIo = Pick<Io, 'env' | 'untilStopped'> & {
  /** Writes one line for the user. */
  readonly writeLine: (line: string) => void;
};

/** Cleaning up starts as soon as `untilStopped` resolves, so it is listened to from the start of the process. */
interface Stoppable {
  /** Resolves when the user or the system asks the process to stop. */
  readonly untilStopped: Promise<void>;
}

export type DemoIo = Pick<Io, 'stdout' | 'stderr' | 'env'> & Stoppable;

export type DevBackendIo = Pick<Io, 'stdout' | 'stderr'> & Stoppable;
