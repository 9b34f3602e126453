import process from 'node:process';
import { createHttpConnections } from '../backend/connections.js';
import { defaultTimeLimits } from '../backend/limits.js';
import { CodexHomeError } from '../config/codex-home.js';
import { OverrideError, settingsFromOverrides } from '../config/overrides.js';
import { startServer } from '../server/server.js';
import { systemClock } from '../util/clock.js';
import { createFileLocks } from '../util/file-lock.js';
import { createLog, levelFromRustLog } from '../util/log.js';
import { authEnvironment } from './auth-environment.js';
import { serverIdentity } from './identity.js';
import { obeySignals } from './signals.js';

/** Serves stdin and stdout until the input ends; resolves with the exit code. */
export async function runAppServer(command: {
  readonly overrides: readonly string[];
  readonly warnings: readonly string[];
  readonly isReadOnly: boolean;
}): Promise<number> {
  const writeStderr = (line: string): void => {
    process.stderr.write(line);
  };
  // Who does not read stderr must not end the server.
  process.stderr.on('error', () => undefined);
  for (const warning of command.warnings) writeStderr(`warning: ${warning}\n`);
  const log = createLog({
    level: levelFromRustLog(process.env.RUST_LOG),
    nowMs: () => systemClock.nowMs(),
    write: writeStderr,
  });
  try {
    const server = startServer({
      input: process.stdin,
      output: process.stdout,
      identity: serverIdentity(process.env),
      configOverrides: await settingsFromOverrides(command.overrides),
      authEnvironment: authEnvironment(process.env),
      isReadOnly: command.isReadOnly,
      connections: createHttpConnections({ environment: process.env, log }),
      locks: createFileLocks({ log, searchPath: process.env.PATH }),
      clock: systemClock,
      random: Math.random,
      log,
      timeLimits: defaultTimeLimits,
    });
    obeySignals(server, systemClock);
    await server.closed;
    return 0;
  } catch (error) {
    if (!(error instanceof CodexHomeError) && !(error instanceof OverrideError)) throw error;
    writeStderr(`Error: ${error.message}\n`);
    return 1;
  }
}
