import type { Shutdown } from '../server/shutdown.js';
import type { Clock } from '../util/clock.js';

const interruptedMs = 2000;

/**
 * What signals do to a server; D7.
 *
 * SIGTERM ends the server as the end of its input does, a second one at once. SIGINT and SIGHUP give up everything
 * but a consume that was sent; it has two seconds. Then the process dies by the signal, so that its parent sees why.
 */
export function obeySignals(server: Shutdown, clock: Clock): void {
  process.once('SIGTERM', server.drain);
  for (const signal of ['SIGINT', 'SIGHUP'] as const) {
    process.once(signal, () => {
      server.abort();
      const dieBySignal = (): void => {
        process.kill(process.pid, signal);
      };
      clock.after(interruptedMs, dieBySignal);
      void server.closed.then(dieBySignal);
    });
  }
}
