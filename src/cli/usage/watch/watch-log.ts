import { commandLogLevel } from '../../../util/log.js';
import type { UsageIo } from '../../io.js';
import { print } from '../../terminal/print.js';

/** The log of a watch. */
export interface WatchLog {
  write(line: string): void;
  /** Prints the lines that were held back. */
  close(): Promise<void>;
}

/** Creates a log that damages no view: on a terminal its lines are held back, or with RUST_LOG left out. */
export function createWatchLog({ stdout, stderr, env }: UsageIo): WatchLog {
  const isHidden = stdout.isTTY === true && stderr.isTTY === true;
  // Without RUST_LOG a line says what no answer does. Such lines are rare.
  const isHeld = commandLogLevel(env.RUST_LOG) === 'alert';
  const held: string[] = [];
  return {
    write(line) {
      if (!isHidden) stderr.write(line);
      else if (isHeld) held.push(line);
    },
    async close() {
      for (const line of held) await print(stderr, line);
    },
  };
}
