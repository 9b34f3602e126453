import { v4 as createUuid } from 'uuid';

import { challengeOf } from './authorization-codes.js';

/** A login on another device: one side polls for it, the other side types its user code. */
export interface DeviceLogin {
  readonly deviceAuthId: string;
  readonly userCode: string;
  readonly clientId: string;
  /** Where the authorization code says it goes to, although nobody is sent there. */
  readonly redirectUri: string;
  readonly expiresAtMs: number;
  /** What the poller gets; null as long as nobody has decided. */
  decision: 'denied' | DeviceGrant | null;
}

export interface DeviceGrant {
  readonly authorization_code: string;
  readonly code_challenge: string;
  readonly code_verifier: string;
}

export interface DeviceLogins {
  readonly byId: Map<string, DeviceLogin>;
  readonly byUserCode: Map<string, DeviceLogin>;
}

const lifetimeMs = 900_000;

export function openDeviceLogins(): DeviceLogins {
  return { byId: new Map(), byUserCode: new Map() };
}

export function beginDeviceLogin(
  logins: DeviceLogins,
  client: { readonly clientId: string; readonly redirectUri: string },
  nowMs: number,
): DeviceLogin {
  const userCode = createUuid().slice(0, 8).toUpperCase();
  const login: DeviceLogin = {
    ...client,
    deviceAuthId: `device-${createUuid()}`,
    userCode: `${userCode.slice(0, 4)}-${userCode.slice(4)}`,
    expiresAtMs: nowMs + lifetimeMs,
    decision: null,
  };
  logins.byId.set(login.deviceAuthId, login);
  logins.byUserCode.set(userCode, login);
  return login;
}

/** The login that still waits for its decision, or why there is none. Case, blanks and dashes do not count. */
export function findWaiting(logins: DeviceLogins, typedCode: string, nowMs: number): DeviceLogin | string {
  const login = logins.byUserCode.get(typedCode.replace(/[^a-z0-9]/gi, '').toUpperCase());
  if (login === undefined) return 'This code is unknown. Look at it again where you started the login.';
  if (nowMs >= login.expiresAtMs) return 'This code has expired. Start the login again.';
  return login.decision === null ? login : 'This code was used before. Start the login again.';
}

/** The verifier is ours here: the poller gets it together with the code. */
export function createVerifier(): { readonly code_challenge: string; readonly code_verifier: string } {
  const verifier = `${createUuid()}-${createUuid()}`;
  return { code_challenge: challengeOf(verifier), code_verifier: verifier };
}
