import { expect } from 'vitest';
import { startDeviceLogin } from '../../../src/auth/login/device-login.js';
import type { IssuedLogin } from '../../../src/auth/store/auth-document.js';
import { createHttpConnections } from '../../../src/backend/http/connections.js';
import { createIssuerClient } from '../../../src/backend/issuer/issuer-client.js';
import { defaultTimeLimits } from '../../../src/backend/request/time-limit.js';
import { type DevBackend, startDevBackend } from '../../../src/dev-backend/server.js';
import { createLog } from '../../../src/util/log.js';
import { createManualClock, type ManualClock } from '../../support/clocks/manual-clock.js';

export interface DeviceLoginOptions {
  readonly allowedWorkspaces?: readonly string[];
  /** Stores a login. `saved` lists the logins that were passed to it. */
  readonly store?: () => Promise<void>;
  /** The end of the issuer's URL in the environment. */
  readonly issuerEnd?: string;
}

/** Device logins with the embedded issuer, on a manual clock. */
export interface DeviceLoginFixture {
  readonly backend: DevBackend;
  readonly clock: ManualClock;
  start(): ReturnType<typeof startDeviceLogin>;
  /** Allows or denies a code, as the user does in the browser. */
  decide(userCode: string, decision: 'allow' | 'deny'): Promise<void>;
  readonly saved: readonly IssuedLogin[];
  readonly log: readonly string[];
  /** Path and body of every request of the login so far. */
  requests(): unknown[];
}

export const devicePath = '/api/accounts/deviceauth';

/** The replies of `grantAtOnce`. */
export const code = { device_auth_id: 'canary-device-1', user_code: 'CODE-1' };
export const grant = {
  authorization_code: 'canary-code',
  code_challenge: 'challenge-1',
  code_verifier: 'canary-verifier',
};

/** Makes the issuer grant the login at the first poll. */
export function grantAtOnce({ backend }: DeviceLoginFixture): void {
  backend.script('deviceUserCode', { body: { ...code, interval: '5' } });
  backend.script('deviceToken', { body: grant });
}

export const loginFailed = (message: string): unknown =>
  expect.objectContaining({ kind: 'loginFailed', message });

export async function withDeviceLogin(
  options: DeviceLoginOptions,
  act: (fixture: DeviceLoginFixture) => Promise<void>,
): Promise<void> {
  const backend = await startDevBackend();
  const clock = createManualClock();
  const saved: IssuedLogin[] = [];
  const logLines: string[] = [];
  const log = createLog({ level: 'debug', nowMs: () => 0, write: (line) => logLines.push(line) });
  const issuer = createIssuerClient({
    connections: createHttpConnections({ environment: {}, log, clock }),
    clock,
    userAgent: () => 'test/1.0.0',
    originator: () => 'test',
    refreshLimitMs: defaultTimeLimits.tokenRefreshMs,
    whoamiLimitMs: defaultTimeLimits.whoamiMs,
    codeExchangeLimitMs: defaultTimeLimits.codeExchangeMs,
    deviceCodeLimitMs: defaultTimeLimits.deviceCodeMs,
    revokeLimitMs: defaultTimeLimits.revokeMs,
    log,
  });
  const context = {
    clock,
    log,
    issuer,
    environment: { loginIssuer: `${backend.url}${options.issuerEnd ?? ''}`, loginClientId: 'client-1' },
    originator: 'test',
    allowedWorkspaces: options.allowedWorkspaces,
    workspaceNote: '',
    save(login: IssuedLogin) {
      saved.push(login);
      return options.store?.() ?? Promise.resolve();
    },
  };
  await act({
    backend,
    clock,
    start: () => startDeviceLogin(context),
    async decide(userCode, decision) {
      const body = new URLSearchParams({ user_code: userCode, decision });
      const { status } = await fetch(`${backend.url}/codex/device`, { method: 'POST', body });
      if (status !== 200) throw new Error(`the decision was answered ${status}`);
    },
    saved,
    log: logLines,
    requests: () =>
      backend.requests
        .filter(({ url }) => url !== '/codex/device')
        .map(({ url, headers, body }) => [
          url,
          headers['content-type'] === 'application/json'
            ? (JSON.parse(body) as unknown)
            : Object.fromEntries(new URLSearchParams(body)),
        ]),
  }).finally(() => backend.close());
}
