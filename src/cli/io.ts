import type { Readable, Writable } from 'node:stream';
import type { Clock } from '../util/clock.js';
import type { DirectOutput } from './terminal/direct-output.js';
import type { OwnProgram } from './own-program.js';
import type { WatchReader } from './terminal/process/lost-reader.js';
import type { JobControl } from './terminal/process/job-control.js';

/** An output stream, with its size if it is a terminal. */
export type OutputStream = Writable & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** An input stream. A terminal can be switched to raw mode, in which it passes on single keys. */
export type InputStream = Readable & {
  readonly isTTY?: boolean;
  readonly setRawMode?: (isRaw: boolean) => unknown;
};

/** The parts of the process that commands use. Each command takes those it needs. */
export interface Io {
  readonly stdin: InputStream;
  readonly stdout: OutputStream;
  readonly stderr: OutputStream;
  /** The environment with the variables of `.env`. */
  readonly env: NodeJS.ProcessEnv;
  /** The environment without them: for a server that is started, which reads `.env` itself, and for other homes. */
  readonly serverEnv: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly jobControl: JobControl;
  /** Resolves when the user or the system asks the process to stop. */
  readonly untilStopped: () => Promise<void>;
}

export type UsageIo = Io & {
  /** Detects that the reader of stdout has gone. */
  readonly watchReader: WatchReader;
  /** Ends the process by the signal that has stopped it, so that its parent sees the reason. */
  readonly endBySignal: () => void;
  readonly program: OwnProgram;
};

export type RedeemIo = Pick<
  Io,
  'stdin' | 'stdout' | 'stderr' | 'env' | 'serverEnv' | 'clock' | 'random' | 'untilStopped'
>;

export type LoginIo = LoginStatusIo & Pick<Io, 'stdin' | 'serverEnv'>;

export type LogoutIo = Pick<Io, 'stdout' | 'stderr' | 'env' | 'untilStopped'>;

export type ShimIo = Pick<Io, 'stdout' | 'stderr' | 'serverEnv'> & {
  readonly process: Pick<NodeJS.Process, 'argv' | 'execPath' | 'platform'>;
};

/** The parts of the process for commands that send nothing. */
export interface OfflineIo {
  readonly stdout: DirectOutput;
  readonly stderr: DirectOutput;
  readonly env: NodeJS.ProcessEnv;
  /** The environment without the variables of `.env`. */
  readonly serverEnv: NodeJS.ProcessEnv;
  readonly clock: Clock;
}

/** The parts of the process for `usage --preset`, which starts another process to read. */
export type PresetIo = OfflineIo & Pick<UsageIo, 'program'>;

export type LoginStatusIo = Pick<Io, 'stdout' | 'stderr' | 'env' | 'clock' | 'random' | 'untilStopped'>;

export type SignInIo = Pick<Io, 'env' | 'serverEnv' | 'untilStopped'> & {
  /** Writes one line for the user. */
  readonly writeLine: (line: string) => void;
};

/** For commands that clean up after a signal: the promise exists from the start, so that no signal is missed. */
interface Stoppable {
  /** Resolves when the user or the system asks the process to stop. */
  readonly untilStopped: Promise<void>;
}

export type DemoIo = Pick<Io, 'stdout' | 'stderr' | 'env'> & Stoppable;

export type DevBackendIo = Pick<Io, 'stdin' | 'stdout' | 'stderr' | 'serverEnv' | 'clock' | 'jobControl'> & {
  /** Resolves with the signal that asks the process to stop. It exists from the start, so that none is missed. */
  readonly untilStopped: Promise<NodeJS.Signals>;
};
