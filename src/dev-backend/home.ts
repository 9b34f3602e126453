import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Clock } from '../util/clock.js';
import { systemClock } from '../util/clock.js';
import { devIdentity } from './identity.js';
import { createAccessToken, createIdToken } from './issuer/login-tokens.js';
import { devLogin } from './issuer/token-ledger.js';

export interface DevHomeOptions {
  backendUrl: string;
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
  readonly path: string;
  /** Removes the folder. A second call does nothing. */
  remove(): void;
}

/** 2100-01-01: the access token is valid for every client. */
const farFutureMs = 4_102_444_800_000;

/** Creates a CODEX_HOME in the temporary folder. Its config.toml has the URL of the backend. The caller removes it. */
export function createDevHome(options: DevHomeOptions, clock: Clock = systemClock): DevHome {
  const path = mkdtempSync(join(tmpdir(), 'codex-account-server-dev-'));
  // A JSON text is also a TOML basic string.
  writeFileSync(join(path, 'config.toml'), `chatgpt_base_url = ${JSON.stringify(options.backendUrl)}\n`);
  const login = createLogin(options, clock);
  if (login !== undefined) {
    writeFileSync(join(path, 'auth.json'), `${JSON.stringify(login, null, 2)}\n`, { mode: 0o600 });
  }
  return {
    path,
    remove() {
      rmSync(path, { recursive: true, force: true });
    },
  };
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
