import type { AuthorizationCode } from './authorization-codes.js';
import type { DeviceLogins } from './device-logins.js';
import { openDeviceLogins } from './device-logins.js';
import type { TokenLifetimes, TokenLedger } from './token-ledger.js';
import { openTokenLedger } from './token-ledger.js';

export interface IssuerOptions {
  /** One hour unless given. */
  accessTokenLifetimeMs?: number;
  /** From its issue; for good unless given. */
  refreshTokenLifetimeMs?: number;
  /** Whether an id token can be exchanged for an API key; false unless given, which is answered 400. */
  grantsApiKeys?: boolean;
}

/** Where logins come from: who may enter, and what was handed out. */
export interface Issuer {
  readonly lifetimes: TokenLifetimes;
  readonly grantsApiKeys: boolean;
  readonly ledger: TokenLedger;
  readonly codes: Map<string, AuthorizationCode>;
  readonly deviceLogins: DeviceLogins;
}

const hourMs = 3_600_000;

export function openIssuer(options: IssuerOptions, nowMs: number): Issuer {
  return {
    lifetimes: {
      accessTokenMs: options.accessTokenLifetimeMs ?? hourMs,
      refreshTokenMs: options.refreshTokenLifetimeMs ?? Infinity,
    },
    grantsApiKeys: options.grantsApiKeys ?? false,
    ledger: openTokenLedger(nowMs),
    codes: new Map(),
    deviceLogins: openDeviceLogins(),
  };
}
