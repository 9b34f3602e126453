import type { Writable } from 'node:stream';
import { allowedLogin } from '../auth/allowed-login.js';
import type { Login } from '../auth/credentials.js';
import { notPersonal } from '../auth/personal-access-token.js';
import { createStoredLoginReader } from '../auth/stored-login.js';
import { CodexHomeError } from '../config/codex-home.js';
import { systemClock } from '../util/clock.js';
import { createLog, type Log } from '../util/log.js';
import { serverIdentity } from './environment.js';
import { settingsAt, storeAt } from './stored-login.js';

/** Says on stderr, as codex does, how one is signed in. Exit codes: 0 signed in, 1 not. */
export async function showLoginStatus(io: { stderr: Writable; env: NodeJS.ProcessEnv }): Promise<number> {
  const say = (line: string, exitCode: number): number => {
    io.stderr.write(`${line}\n`);
    return exitCode;
  };
  const write = (line: string): void => {
    io.stderr.write(line);
  };
  try {
    const log = createLog({ level: 'error', nowMs: () => systemClock.nowMs(), write });
    const login = await loginAt(serverIdentity(io.env).codexHome, io.env.CODEX_ACCESS_TOKEN?.trim(), log);
    if (login.kind === 'apiKey') return say('API key configured - ***', 0);
    return login.kind === 'chatgpt' ? say('Logged in using ChatGPT', 0) : say('Not logged in', 1);
  } catch (error) {
    if (!(error instanceof CodexHomeError)) throw error;
    return say(`Error: ${error.message}`, 1);
  }
}

/** As the server would see it, without asking anybody whether a token is good. */
async function loginAt(codexHome: string, accessToken: string | undefined, log: Log): Promise<Login> {
  if (accessToken?.startsWith('at-')) return { kind: 'chatgpt', source: 'personalAccessToken', tokens: null };
  if (accessToken) {
    log.error(notPersonal);
    return { kind: 'none' };
  }
  const { login } = await createStoredLoginReader({ clock: systemClock, log }).read(await storeAt(codexHome));
  if (login.kind === 'personalAccessToken')
    return { kind: 'chatgpt', source: 'personalAccessToken', tokens: null };
  return allowedLogin(login, await settingsAt(codexHome));
}
