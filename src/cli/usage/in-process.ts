import { createHttpConnections } from '../../backend/http/connections.js';
import { defaultTimeLimits } from '../../backend/request/time-limit.js';
import { createClientState } from '../../handlers/initialize.js';
import type { LimitsReader } from '../../handlers/limits-reader.js';
import { createServices } from '../../server/services.js';
import type { Clock } from '../../util/clock.js';
import { AppError } from '../../util/errors.js';
import { neverAborted } from '../../util/never-aborted.js';
import { createFileLocks } from '../../util/files/file-lock.js';
import { createLog, levelFromRustLog, type Log } from '../../util/log.js';
import { administratorFiles, authEnvironment, serverIdentity } from '../environment.js';
import { packageVersion } from '../../protocol/version.js';

/**
 * Runs `act` with a reader of the limits in this process, which costs less than to start a server.
 *
 * @throws CodexHomeError
 */
export async function withLimitsReader<T>(
  options: {
    environment: NodeJS.ProcessEnv;
    clock: Clock;
    random: () => number;
    writeLog: (line: string) => void;
  },
  act: (limits: LimitsReader, codexHome: string, log: Log) => Promise<T>,
): Promise<T> {
  const { environment, clock, random, writeLog } = options;
  const log = createLog({
    level: levelFromRustLog(environment.RUST_LOG),
    nowMs: () => clock.nowMs(),
    write: writeLog,
  });
  const identity = serverIdentity(environment);
  const { handlers, auth, limits } = createServices({
    identity,
    client: createClientState(),
    overrides: {},
    administratorFiles: administratorFiles(),
    isReadOnly: false,
    authEnvironment: authEnvironment(environment),
    connections: createHttpConnections({ environment, log }),
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
  await handlers.initialize({ clientInfo }, { answered: Promise.resolve(), signal: neverAborted });
  try {
    return await act(limits, identity.codexHome, log);
  } finally {
    await auth.close();
  }
}
