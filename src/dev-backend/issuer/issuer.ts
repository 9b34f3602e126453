import type { AuthorizationCode } from './authorization-codes.js';
import type { DeviceLogins } from './device-logins.js';
import { openDeviceLogins } from './device-logins.js';
import type { TokenLifetimes, TokenLedger } from './token-ledger.js';
import type { Identity } from '../identity.js';
import { openTokenLedger } from './token-ledger.js';

export interface IssuerOptions {
  /** Defaults to one hour. */
  accessTokenLifetimeMs?: number;
  /** Defaults to unlimited. */
  refreshTokenLifetimeMs?: number;
  /** Whether an id token can be exchanged for an API key. Defaults to false: the exchange is answered with 400. */
  grantsApiKeys?: boolean;
}

/** The state of the issuer: its tokens, authorization codes and device logins. */
export interface Issuer {
  readonly lifetimes: TokenLifetimes;
  readonly grantsApiKeys: boolean;
  readonly ledger: TokenLedger;
  readonly codes: Map<string, AuthorizationCode>;
  readonly deviceLogins: DeviceLogins;
}

const hourMs = 3_600_000;

/** @param identity the account that the tokens name */
export function openIssuer(options: IssuerOptions, identity: Identity, nowMs: number): Issuer {
  return {
    lifetimes: {
      accessTokenMs: options.accessTokenLifetimeMs ?? hourMs,
      refreshTokenMs: options.refreshTokenLifetimeMs ?? Infinity,
    },
    grantsApiKeys: options.grantsApiKeys ?? false,
    ledger: openTokenLedger(nowMs, identity),
    codes: new Map(),
    deviceLogins: openDeviceLogins(),
  };
}
