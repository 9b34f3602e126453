import type { AccountClient } from '../client/account-client.js';
import { createObservedClient, type ServerObservers } from '../client/client.js';
import type { ClientOptions } from '../client/client-options.js';
import { packageVersion } from '../protocol/version.js';
import { commandLogLevel } from '../util/log.js';

/**
 * Creates the client of a command. Ctrl-C does not reach its server, so the command decides what to cancel. The server
 * writes to the stderr of the command, and logs no more than a command does.
 */
export function createCommandClient(
  env: NodeJS.ProcessEnv,
  options: Partial<ClientOptions> = {},
  observers: ServerObservers = {},
): AccountClient {
  return createObservedClient(
    {
      clientInfo: { name: 'codex-account-server', title: 'Codex account server', version: packageVersion },
      env: env.RUST_LOG?.trim() ? env : { ...env, RUST_LOG: commandLogLevel(undefined) },
      detached: true,
      stderr: 'inherit',
      ...options,
    },
    observers,
  );
}
