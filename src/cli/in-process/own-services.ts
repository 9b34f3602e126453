import { createHttpConnections } from '../../backend/http/connections.js';
import { defaultTimeLimits } from '../../backend/request/time-limit.js';
import { createClientState } from '../../handlers/initialize.js';
import { packageVersion } from '../../protocol/version.js';
import { createServices } from '../../server/services.js';
import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { createFileLocks } from '../../util/files/locks/file-lock.js';
import { commandLogLevel, createLog, type Log } from '../../util/log.js';
import { neverAborted } from '../../util/never-aborted.js';
import { administratorFiles, authEnvironment } from '../environment.js';
import { serverIdentity } from '../identity/server-identity.js';

export interface OwnServicesOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: () => number;
  readonly writeLog: (line: string) => void;
  /** Creates the connections, if they are to be shared with other services. */
  readonly connect?: typeof createHttpConnections;
}

export interface OwnServices extends Pick<ReturnType<typeof createServices>, 'auth' | 'limits' | 'handlers'> {
  readonly codexHome: string;
  readonly log: Log;
}

/**
 * Runs `act` with the services of a server in this process, which costs less than to start a server.
 *
 * @throws CodexHomeError
 */
export async function withOwnServices<T>(
  options: OwnServicesOptions,
  act: (services: OwnServices) => Promise<T>,
): Promise<T> {
  const services = await openOwnServices(options);
  try {
    return await act(services);
  } finally {
    await services.auth.close();
  }
}

/** Opens the services. The caller closes their `auth`. @throws CodexHomeError */
export async function openOwnServices({
  environment,
  clock,
  random,
  writeLog,
  connect = createHttpConnections,
}: OwnServicesOptions): Promise<OwnServices> {
  const log = createLog({
    level: commandLogLevel(environment.RUST_LOG),
    nowMs: () => clock.nowMs(),
    write: writeLog,
  });
  const identity = serverIdentity(environment);
  const services = createServices({
    identity,
    client: createClientState(),
    overrides: {},
    administratorFiles: administratorFiles(),
    isReadOnly: false,
    authEnvironment: authEnvironment(environment),
    connections: connect({ environment, log, clock }),
    locks: createFileLocks({ log, searchPath: environment.PATH }),
    clock,
    random,
    log,
    timeLimits: defaultTimeLimits,
    loadRedemptions: async () =>
      (await import('./redemptions-of-home.js')).redemptionsOfHome({
        ...{ codexHome: identity.codexHome, searchPath: environment.PATH },
        ...{ clock, random, log },
      }),
    notify: () => undefined,
    // The tokens of `chatgptAuthTokens` come from a client, and here there is none.
    requestClient: () => Promise.reject(new AppError('unsupported', 'there is no client to ask')),
  });
  const clientInfo = { name: 'codex-account-server', version: packageVersion };
  await services.handlers.initialize({ clientInfo }, { signal: neverAborted, answered: Promise.resolve() });
  return { ...services, codexHome: identity.codexHome, log };
}
