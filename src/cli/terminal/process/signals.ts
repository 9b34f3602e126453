import { constants } from 'node:os';
import type { Shutdown } from '../../../server/shutdown.js';
import type { Clock } from '../../../util/clock.js';

const interruptedMs = 2000;

/** Ctrl-C, a closed terminal, and Ctrl-Break, which only Windows has. SIGTERM never comes there. */
const interruptions = ['SIGINT', 'SIGHUP', 'SIGBREAK'] as const;

/**
 * Makes a server obey signals; D7.
 *
 * SIGTERM ends the server as the end of its input does; a second SIGTERM kills it. The others abort everything except a
 * consume that was sent, which has two seconds. The process then dies by the signal, so that its parent sees the reason.
 */
export function obeySignals(server: Shutdown, clock: Clock): void {
  process.once('SIGTERM', server.drain);
  for (const signal of interruptions) {
    process.once(signal, () => {
      server.abort();
      const dieBySignal = (): void => {
        endBySignal(signal);
      };
      clock.after(interruptedMs, dieBySignal);
      void server.closed.then(dieBySignal);
    });
  }
}

/**
 * Ends this process as the signal does, so that its parent sees the reason. No listener may be left. On Windows, which has
 * no such end, the exit code is 128 and the number of the signal, as in a shell.
 */
export function endBySignal(signal: NodeJS.Signals, platform = process.platform): void {
  if (platform === 'win32') process.exit(128 + constants.signals[signal]);
  process.kill(process.pid, signal);
}

/**
 * Resolves with the signal when the user or the system asks the process to stop; the process then decides when it ends.
 * A second signal of the same kind kills it, unless `ignoresFurther`, which is for a short cleanup.
 */
export function untilSignalled({ ignoresFurther = false } = {}): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', ...interruptions] as const) {
      if (ignoresFurther) process.on(signal, () => resolve(signal));
      else process.once(signal, () => resolve(signal));
    }
  });
}
