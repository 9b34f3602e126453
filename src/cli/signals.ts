import type { Shutdown } from '../server/shutdown.js';
import type { Clock } from '../util/clock.js';
import type { HeldTermination } from './held-termination.js';

const interruptedMs = 2000;

/**
 * What signals do to a server; D7.
 *
 * SIGTERM ends the server as the end of its input does, a second one at once. SIGINT and SIGHUP give up everything
 * but a consume that was sent; it has two seconds. Then the process dies by the signal, so that its parent sees why.
 */
export function obeySignals(server: Shutdown, clock: Clock, held: HeldTermination): void {
  // Before the other listener goes: a signal that no one listens for as node hands it on is lost.
  process.once('SIGTERM', server.drain);
  if (held.release()) process.emit('SIGTERM');
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
