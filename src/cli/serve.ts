import { createHttpConnections } from '../backend/http/connections.js';
import { defaultTimeLimits } from '../backend/request/time-limit.js';
import { CodexHomeError } from '../config/codex-home.js';
import { OverrideError, tableFromOverrides } from '../config/layers/overrides.js';
import { startServer } from '../server/server.js';
import { systemClock } from '../util/clock.js';
import { AppError } from '../util/errors.js';
import { createFileLocks } from '../util/files/locks/file-lock.js';
import { createLog, levelFromRustLog, type Log } from '../util/log.js';
import { safeLine } from '../util/text/safe-text.js';
import { argumentsForUpstream, type ServerCommand } from './start/command-line.js';
import { administratorFiles, authEnvironment, codeCacheFolder, withDotEnv } from './environment.js';
import { serverIdentity } from './identity/server-identity.js';
import type { OpenFront } from './upstream/open-front.js';
import { obeySignals } from './terminal/process/signals.js';
import { delayWasmOptimization } from './start/wasm-optimization.js';

export interface Start {
  /** Saves the compiled code for the next process; undefined if there is nothing to save. */
  readonly saveCode: (() => void) | undefined;
  /** Called when the command handles signals itself, or leaves them to node. */
  readonly onSignalsHandled: () => void;
}

/**
 * Serves stdin and stdout until the input ends.
 *
 * @param saveCode saves the compiled code for the next process. Called only if a response of the backend was read,
 * because the code that a poll needs is not compiled before.
 * @returns the exit code
 */
export async function serve(command: ServerCommand, { saveCode, onSignalsHandled }: Start): Promise<number> {
  const writeStderr = createStderrWriter();
  for (const warning of command.warnings) writeStderr(`warning: ${safeLine(warning)}\n`);
  let replyCount = 0;
  const onReply = (): void => {
    replyCount += 1;
  };
  if (!saveCode) await delayWasmOptimization();
  try {
    const environment = await withDotEnv(process.env);
    const log = createLog({
      level: levelFromRustLog(environment.RUST_LOG),
      nowMs: () => systemClock.nowMs(),
      write: writeStderr,
    });
    const front = await createFrontOf(command, log, writeStderr);
    if (front === 'refused') return 2;
    const identity = serverIdentity(environment, front?.version);
    const server = startServer({
      input: process.stdin,
      output: process.stdout,
      identity,
      overrides: await tableFromOverrides(command.overrides),
      administratorFiles: administratorFiles(),
      authEnvironment: authEnvironment(environment),
      isReadOnly: command.isReadOnly,
      createPassOn: front?.createPassOn,
      connections: createHttpConnections({ environment, log, clock: systemClock, onReply }),
      locks: createFileLocks({ log, searchPath: environment.PATH }),
      clock: systemClock,
      random: Math.random,
      log,
      timeLimits: defaultTimeLimits,
      loadRedemptions: async () =>
        (await import('./in-process/redemptions-of-home.js')).redemptionsOfHome({
          ...{ codexHome: identity.codexHome, searchPath: environment.PATH },
          ...{ clock: systemClock, random: Math.random, log },
        }),
    });
    obeySignals(server, systemClock);
    onSignalsHandled();
    await server.closed;
    await front?.close();
    if (replyCount > 0) saveCode?.();
    return 0;
  } catch (error) {
    if (!(error instanceof CodexHomeError) && !(error instanceof OverrideError)) throw error;
    writeStderr(`Error: ${safeLine(error.message)}\n`);
    if (!process.stdin.isTTY) await refuse(error, writeStderr);
    return 1;
  }
}

/** Opens the way to the real codex, if one is named. It gets the environment of this process, and reads `.env` itself. */
async function createFrontOf(
  { upstream: option, isReadOnly }: ServerCommand,
  log: Log,
  writeStderr: (line: string | Buffer) => void,
): Promise<OpenFront | 'refused' | undefined> {
  const given = option ?? (process.env.CODEX_ACCOUNT_SERVER_UPSTREAM || undefined);
  if (given === undefined) return undefined;
  const { openFront } = await import('./upstream/open-front.js');
  const { resolveUpstream } = await import('./upstream/resolve-upstream.js');
  const upstream = resolveUpstream(given, process.env, process);
  if (upstream.kind === 'refused' || isReadOnly) {
    const message = upstream.kind === 'refused' ? upstream.message : upstreamWithReadOnly;
    writeStderr(`Error: ${safeLine(message)}\n`);
    return 'refused';
  }
  if (upstream.kind === 'none') {
    writeStderr(`warning: only the methods of the account are served: ${safeLine(upstream.message)}\n`);
    return undefined;
  }
  return openFront({
    command: { ...upstream, args: () => argumentsForUpstream(process.argv.slice(2)) },
    clock: systemClock,
    log,
    onStderr: writeStderr,
    cacheFolder: codeCacheFolder(process.env, process.platform),
  });
}

const upstreamWithReadOnly =
  '--read-only cannot be combined with an upstream: the real codex may change anything; the server was not started';

/** Answers the first request with the reason why there is no server. */
async function refuse({ message }: Error, writeStderr: (line: string) => void): Promise<void> {
  const { refuseClient } = await import('../server/refuse-client.js');
  const log = createLog({ level: 'error', nowMs: () => systemClock.nowMs(), write: writeStderr });
  const streams = { input: process.stdin, output: process.stdout };
  await refuseClient(new AppError('configInvalid', message), streams, { clock: systemClock, log });
}

/**
 * Returns a function that writes to stderr. It opens the stream with the first line, because that takes a while and most
 * runs write nothing. It ignores errors of the stream: the server goes on if the client does not read stderr. Then it
 * drops what is more than 1 MiB.
 */
function createStderrWriter(): (text: string | Buffer) => void {
  let stderr: NodeJS.WriteStream | undefined;
  return (text) => {
    stderr ??= process.stderr.on('error', () => undefined);
    if (stderr.writableLength < maxUnreadBytes) stderr.write(text);
  };
}

const maxUnreadBytes = 1024 * 1024;
