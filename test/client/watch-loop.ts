import type { AccountClient } from '../../src/client/account-client.js';
import type { GetAccountRateLimitsResponse } from '../../src/client/protocol.js';
import type { WatchOptions } from '../../src/client/watch/options.js';

export interface WatchLoop {
  /** Ends the loop as `break` does. */
  stop(): Promise<void>;
  /** Resolves at the end of the loop with the error that it has thrown, if any. */
  readonly ended: Promise<Error | undefined>;
}

/** Runs a loop over the limits, and resolves after its first value. @throws the error of a watch that cannot begin */
export async function startWatchLoop(
  client: AccountClient,
  handle: (limits: GetAccountRateLimitsResponse) => void,
  options: WatchOptions = {},
): Promise<WatchLoop> {
  const values = client.watchRateLimits(options);
  const first = await values.next();
  if (first.done) throw new Error('the watch has ended before its first value');
  handle(first.value);
  const loop = async (): Promise<void> => {
    for await (const limits of values) handle(limits);
  };
  return {
    async stop() {
      await values.return?.();
    },
    ended: loop().then(
      () => undefined,
      (error: unknown) => error as Error,
    ),
  };
}
