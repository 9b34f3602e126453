import { createHttpConnections } from '../backend/connections.js';
import { defaultTimeLimits } from '../backend/time-limit.js';
import { allowNativeParser } from '../backend/native-parser.js';
import { CodexHomeError } from '../config/codex-home.js';
import { OverrideError, settingsFromOverrides } from '../config/overrides.js';
import { startServer } from '../server/server.js';
import { systemClock } from '../util/clock.js';
import { createFileLocks } from '../util/file-lock.js';
import { createLog, levelFromRustLog } from '../util/log.js';
import type { ServerCommand } from './command-line.js';
import { manyReplies, optimizeEarly } from './early-optimization.js';
import type { Introduction } from './first-answer.js';
import { authEnvironment } from './auth-environment.js';
import { serverIdentity } from './identity.js';
import type { Shortcuts } from './shortcuts.js';
import { obeySignals } from './signals.js';

/**
 * Serves stdin and stdout until the input ends.
 *
 * @param start.introduction the `initialize` of a client that has been answered already
 * @param start.onStarted called when signals are handled
 * @param start.saveCode saves the compiled code; called after a poll, when all that a poll needs is compiled
 * @returns the exit code
 */
export async function runAppServer(
  command: ServerCommand,
  {
    introduction,
    shortcuts,
    onStarted,
    saveCode,
  }: {
    introduction: Introduction | undefined;
    shortcuts: Shortcuts;
    onStarted: () => void;
    saveCode: () => void;
  },
): Promise<number> {
  const writeStderr = createStderrWriter();
  for (const warning of command.warnings) writeStderr(`warning: ${warning}\n`);
  const log = createLog({
    level: levelFromRustLog(process.env.RUST_LOG),
    nowMs: () => systemClock.nowMs(),
    write: writeStderr,
  });
  if (shortcuts.usesNativeParser) allowNativeParser();
  let replies = 0;
  const onReply = (): void => {
    replies += 1;
    if (replies === manyReplies && shortcuts.optimizesEarly) optimizeEarly(saveCode);
  };
  try {
    const server = startServer({
      input: process.stdin,
      output: process.stdout,
      identity: introduction?.identity ?? serverIdentity(process.env),
      ...(introduction && { client: introduction.client }),
      configOverrides: await settingsFromOverrides(command.overrides),
      authEnvironment: authEnvironment(process.env),
      isReadOnly: command.isReadOnly,
      connections: createHttpConnections({ environment: process.env, log, onReply }),
      locks: createFileLocks({ log, searchPath: process.env.PATH }),
      clock: systemClock,
      random: Math.random,
      log,
      timeLimits: defaultTimeLimits,
    });
    obeySignals(server, systemClock);
    onStarted();
    await server.closed;
    if (replies > 0) saveCode();
    return 0;
  } catch (error) {
    if (!(error instanceof CodexHomeError) && !(error instanceof OverrideError)) throw error;
    writeStderr(`Error: ${error.message}\n`);
    return 1;
  }
}

/** Writes to stderr, ignoring its errors. Creates the stream for the first line, as this takes time and most runs write none. */
function createStderrWriter(): (line: string) => void {
  let stderr: NodeJS.WriteStream | undefined;
  return (line) => {
    stderr ??= process.stderr.on('error', () => undefined);
    stderr.write(line);
  };
}
