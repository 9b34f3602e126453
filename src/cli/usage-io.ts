import type { Writable } from 'node:stream';
import type { Clock } from '../util/clock.js';
import type { JobControl } from './job-control.js';

/** The world around `usage`. */
export interface UsageIo {
  readonly stdout: Writable & {
    readonly isTTY?: boolean;
    readonly columns?: number;
    readonly rows?: number;
  };
  readonly stderr: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly env: NodeJS.ProcessEnv;
  readonly clock: Clock;
  /** At least 0, below 1. */
  readonly random: () => number;
  readonly jobControl: JobControl;
  /** Resolves when the person or the system asks the process to stop. */
  readonly untilStopped: () => Promise<void>;
}
