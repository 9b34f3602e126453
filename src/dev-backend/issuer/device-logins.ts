import { v4 as createUuid } from 'uuid';

import { challengeOf } from './authorization-codes.js';

/** A login on another device: the program polls for the decision, and a person enters the user code. */
export interface DeviceLogin {
  readonly deviceAuthId: string;
  readonly userCode: string;
  readonly clientId: string;
  /** The redirect URI that the authorization code is bound to. No browser is redirected to it. */
  readonly redirectUri: string;
  readonly expiresAtMs: number;
  /** The result for the next poll. Null until the login is allowed or denied. */
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

/** Finds the undecided login with this user code, or returns the problem. Ignores case, spaces and hyphens. */
export function findPendingLogin(
  logins: DeviceLogins,
  typedCode: string,
  nowMs: number,
): DeviceLogin | string {
  const login = logins.byUserCode.get(typedCode.replace(/[^a-z0-9]/gi, '').toUpperCase());
  if (login === undefined) return 'This code is unknown. Check it in the program that shows it.';
  if (nowMs >= login.expiresAtMs) return 'This code has expired. Start the login again.';
  return login.decision === null ? login : 'This code has already been used. Start the login again.';
}

/** Creates the PKCE pair. In a device login the issuer creates it, and the poll returns it with the code. */
export function createVerifier(): { readonly code_challenge: string; readonly code_verifier: string } {
  const verifier = `${createUuid()}-${createUuid()}`;
  return { code_challenge: challengeOf(verifier), code_verifier: verifier };
}
