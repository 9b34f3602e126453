import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

import type { Clock } from '../util/clock.js';
import { systemClock } from '../util/clock.js';
import { devIdentity } from './identity.js';
import { createAccessToken, createIdToken } from './issuer/login-tokens.js';
import { devLogin } from './issuer/token-ledger.js';

export interface DevHomeOptions {
  backendUrl: string;
  /** A folder that stays. It is made if it is missing. By default a temporary one that `remove` removes. */
  path?: string | undefined;
  /** Defaults to `chatgpt`. With `none` there is no auth.json. */
  auth?: 'chatgpt' | 'apiKey' | 'none';
  plan?: string;
  email?: string;
  accountId?: string;
  userId?: string;
  /** Defaults to 2100-01-01. */
  accessTokenExpiresAtMs?: number;
  /** Members that are added to auth.json of a ChatGPT login, or replace its own. */
  extraFields?: object;
  /** Members that are added to `tokens` in auth.json, or replace its own. */
  extraTokenFields?: object;
}

export interface DevHome {
  /** The whole path. */
  readonly path: string;
  /** Whether the folder stays. */
  readonly isKept: boolean;
  /** Removes the folder, unless it stays. A second call does nothing. */
  remove(): void;
}

/** 2100-01-01: the access token is valid for every client. */
const farFutureMs = 4_102_444_800_000;

/**
 * Creates a CODEX_HOME. Its config.toml has the URL of the backend. In a folder that stays, it replaces the login and the
 * settings of an earlier call.
 *
 * @throws Error if the folder has a login or settings of anybody else, or the file system's error
 */
export function createDevHome(options: DevHomeOptions, clock: Clock = systemClock): DevHome {
  const isKept = options.path !== undefined;
  const path = resolve(options.path ?? mkdtempSync(join(tmpdir(), 'codex-account-server-dev-')));
  if (isKept) prepareKept(path);
  // A JSON text is also a TOML basic string.
  const settings = `chatgpt_base_url = ${JSON.stringify(options.backendUrl)}\n`;
  writeFileSync(join(path, settingsFile), isKept ? `${mark}\n${settings}` : settings);
  const login = createLogin(options, clock);
  if (login !== undefined) {
    writeFileSync(join(path, loginFile), `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  }
  return {
    path,
    isKept,
    remove() {
      if (!isKept) rmSync(path, { recursive: true, force: true });
    },
  };
}

const settingsFile = 'config.toml';
const loginFile = 'auth.json';

/** The first line of the settings of a folder that stays. */
const mark = '# Written by codex-account-server dev-backend, which replaces it and auth.json at each start.';

function prepareKept(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const settings = join(path, settingsFile);
  const hasMark = existsSync(settings) && readFileSync(settings, 'utf8').startsWith(`${mark}\n`);
  const foreign = [settingsFile, loginFile].find((name) => existsSync(join(path, name)));
  if (foreign === undefined || hasMark) return;
  throw new Error(`${path} has a ${foreign} that dev-backend did not write; choose another folder`);
}

function createLogin(options: DevHomeOptions, clock: Clock): object | undefined {
  if (options.auth === 'none') return undefined;
  if (options.auth === 'apiKey') return { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-dev' };
  const { email, plan, accountId, userId } = { ...devIdentity, ...options };
  const identity = { email, plan, accountId, userId };
  const expiresAtMs = options.accessTokenExpiresAtMs ?? farFutureMs;
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: createIdToken(farFutureMs, identity),
      access_token: createAccessToken(devLogin.accessTokenId, expiresAtMs, identity),
      refresh_token: devLogin.refreshToken,
      account_id: accountId,
      ...options.extraTokenFields,
    },
    last_refresh: new Date(clock.nowMs()).toISOString(),
    ...options.extraFields,
  };
}
