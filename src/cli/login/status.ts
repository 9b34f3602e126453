import { readLogin } from '../../auth/create-auth.js';
import { CodexHomeError } from '../../config/codex-home.js';
import { systemClock } from '../../util/clock.js';
import { createLog } from '../../util/log.js';
import { safeLine } from '../../util/safe-text.js';
import { serverIdentity } from '../environment.js';
import type { LoginStatusIo } from '../io.js';
import { settingsAt } from './settings.js';

/** Shows on stderr, in the words of codex, how the user is signed in. Resolves with 0 if signed in, 1 if not. */
export async function showLoginStatus(io: LoginStatusIo): Promise<number> {
  const exitWith = (line: string, exitCode: number): number => {
    io.stderr.write(`${line}\n`);
    return exitCode;
  };
  const write = (line: string): void => {
    io.stderr.write(line);
  };
  try {
    const log = createLog({ level: 'error', nowMs: () => systemClock.nowMs(), write });
    const { codexHome } = serverIdentity(io.env);
    const login = await readLogin({
      codexHome,
      settings: await settingsAt(codexHome),
      accessToken: io.env.CODEX_ACCESS_TOKEN?.trim(),
      clock: systemClock,
      random: Math.random,
      log,
    });
    if (login.kind === 'apiKey') return exitWith('API key configured - ***', 0);
    return login.kind === 'chatgpt' ? exitWith('Logged in using ChatGPT', 0) : exitWith('Not logged in', 1);
  } catch (error) {
    if (!(error instanceof CodexHomeError)) throw error;
    return exitWith(`Error: ${safeLine(error.message)}`, 1);
  }
}
