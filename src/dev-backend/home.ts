import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { Clock } from '../util/clock.js';
import { systemClock } from '../util/clock.js';
import { devIdentity } from './identity.js';

export interface DevHomeOptions {
  backendUrl: string;
  /** `chatgpt` unless given; `none` leaves auth.json out. */
  auth?: 'chatgpt' | 'apiKey' | 'none';
  plan?: string;
  email?: string;
  accountId?: string;
  userId?: string;
}

export interface DevHome {
  readonly path: string;
  /** Removes the folder; a second call does nothing. */
  remove(): void;
}

/** 2100-01-01, so that no client finds the access token expired. */
const tokenExpirySeconds = 4_102_444_800;

/** Makes a CODEX_HOME in the temp folder whose config.toml points to the backend. The caller removes it. */
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

/** Three non-empty base64url parts, as readers of a JWT expect, but the last one signs nothing. */
export function unsignedJwt(claims: object): string {
  const parts = [JSON.stringify({ alg: 'none', typ: 'JWT' }), JSON.stringify(claims), 'unsigned'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

function createLogin(options: DevHomeOptions, clock: Clock): object | undefined {
  if (options.auth === 'none') return undefined;
  if (options.auth === 'apiKey') return { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-dev' };
  const { email, plan, accountId, userId } = { ...devIdentity, ...options };
  const authClaim = {
    chatgpt_plan_type: plan,
    chatgpt_user_id: userId,
    chatgpt_account_id: accountId,
  };
  const claims = { email, exp: tokenExpirySeconds, 'https://api.openai.com/auth': authClaim };
  return {
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: null,
    tokens: {
      id_token: unsignedJwt(claims),
      access_token: unsignedJwt(claims),
      refresh_token: 'refresh-dev',
      account_id: accountId,
    },
    last_refresh: new Date(clock.nowMs()).toISOString(),
  };
}
