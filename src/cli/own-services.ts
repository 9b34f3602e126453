import { createHttpConnections } from '../backend/http/connections.js';
import { defaultTimeLimits } from '../backend/request/time-limit.js';
import { createClientState } from '../handlers/initialize.js';
import { packageVersion } from '../protocol/version.js';
import { createServices } from '../server/services.js';
import type { Clock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import { createFileLocks } from '../util/files/file-lock.js';
import { createLog, type Log, levelFromRustLog } from '../util/log.js';
import { neverAborted } from '../util/never-aborted.js';
import { administratorFiles, authEnvironment } from './environment.js';
import { serverIdentity } from './identity/server-identity.js';

export interface OwnServicesOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly clock: Clock;
  readonly random: () => number;
  readonly writeLog: (line: string) => void;
}

interface OwnServices extends Pick<ReturnType<typeof createServices>, 'auth' | 'limits'> {
  readonly codexHome: string;
  readonly log: Log;
}

/**
 * Runs `act` with the services of a server in this process, which costs less than to start a server.
 *
 * @throws CodexHomeError
 */
export async function withOwnServices<T>(
  { environment, clock, random, writeLog }: OwnServicesOptions,
  act: (services: OwnServices) => Promise<T>,
): Promise<T> {
  const log = createLog({
    level: levelFromRustLog(environment.RUST_LOG),
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
    connections: createHttpConnections({ environment, log, clock }),
    locks: createFileLocks({ log, searchPath: environment.PATH }),
    clock,
    random,
    log,
    timeLimits: defaultTimeLimits,
    notify: () => undefined,
    // The tokens of `chatgptAuthTokens` come from a client, and here there is none.
    requestClient: () => Promise.reject(new AppError('unsupported', 'there is no client to ask')),
  });
  const clientInfo = { name: 'codex-account-server', version: packageVersion };
  await services.handlers.initialize({ clientInfo }, { signal: neverAborted, answered: Promise.resolve() });
  try {
    return await act({ ...services, codexHome: identity.codexHome, log });
  } finally {
    await services.auth.close();
  }
}
