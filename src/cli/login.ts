import type { Writable } from 'node:stream';
import { createSession } from '../auth/session.js';
import { CodexHomeError } from '../config/codex-home.js';
import { systemClock } from '../util/clock.js';
import { createLog } from '../util/log.js';
import { serverIdentity } from './identity.js';

const usage = 'Usage: codex-account-server login status\n';

/** Says on stderr, as codex does, how one is signed in. Exit codes: 0 signed in, 1 not, 2 wrong use. */
export async function runLogin(
  args: readonly string[],
  io: { stdout: Writable; stderr: Writable; env: NodeJS.ProcessEnv },
): Promise<number> {
  if (args[0] === '--help' || args[0] === '-h') {
    io.stdout.write(usage);
    return 0;
  }
  if (args.length !== 1 || args[0] !== 'status') {
    io.stderr.write(usage);
    return 2;
  }
  const say = (line: string, exitCode: number): number => {
    io.stderr.write(`${line}\n`);
    return exitCode;
  };
  const write = (line: string): void => {
    io.stderr.write(line);
  };
  try {
    const log = createLog({ level: 'error', nowMs: () => systemClock.nowMs(), write });
    const { codexHome } = serverIdentity(io.env);
    const login = await createSession({ codexHome, clock: systemClock, log }).login();
    if (login.kind === 'apiKey') return say('API key configured - ***', 0);
    return login.kind === 'chatgpt' ? say('Logged in using ChatGPT', 0) : say('Not logged in', 1);
  } catch (error) {
    if (!(error instanceof CodexHomeError)) throw error;
    return say(`Error: ${error.message}`, 1);
  }
}
