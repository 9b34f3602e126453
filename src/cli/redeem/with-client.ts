import type { AccountClient } from '../../client/library.js';
import type { ServerObservers } from '../../client/client.js';
import { createCommandClient } from '../command-client.js';
import type { RedeemIo } from '../io.js';
import { RedeemStop } from './failure.js';

/** Runs `work` with a client and a signal that the user's stop request aborts. */
export async function withClient(
  io: RedeemIo,
  work: (client: AccountClient, signal: AbortSignal) => Promise<number>,
  observers: ServerObservers = {},
): Promise<number> {
  const stop = new AbortController();
  void io.untilStopped().then(() => stop.abort(new RedeemStop('interrupted')));
  const client = createCommandClient(io.serverEnv, { clock: io.clock }, observers);
  try {
    return await work(client, stop.signal);
  } finally {
    const closed = client.close();
    // After a stop request the server finishes what was sent and then ends, even without this process.
    if (!stop.signal.aborted) await closed;
  }
}
