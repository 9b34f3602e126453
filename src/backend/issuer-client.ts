import {
  type ApiKeyExchangeRequest,
  type CodeExchangeRequest,
  type CodeExchangeResult,
  exchangeApiKey,
  exchangeCode,
} from './code-exchange.js';
import { type DeviceCode, type DeviceGrant, pollDeviceCode, requestDeviceCode } from './device-code.js';
import type { IssuerContext } from './issuer.js';
import { refreshTokens, type RefreshRequest, type RefreshResult } from './refresh-tokens.js';
import { revokeToken, type RevokeRequest } from './revoke-token.js';
import { readWhoami } from './whoami.js';
import type { WireWhoami } from './wire-issuer.js';

/** The services that issue tokens and know whom they are of. Only what is part of a login throws. */
export interface IssuerClient {
  refreshTokens(request: RefreshRequest): Promise<RefreshResult>;
  exchangeCode(request: CodeExchangeRequest): Promise<CodeExchangeResult>;
  /** The API key that belongs to an id token; null where there is none. */
  exchangeApiKey(request: ApiKeyExchangeRequest): Promise<string | null>;
  revokeToken(request: RevokeRequest): Promise<void>;
  /** Whom a personal access token is of; undefined where that cannot be found out. */
  readWhoami(url: string, token: string): Promise<WireWhoami | undefined>;
  /** Begins a device login. @throws AppError with the texts of `account/login/start` */
  requestDeviceCode(request: { issuerBase: string; clientId: string }): Promise<DeviceCode>;
  /**
   * Undefined: the person has not agreed yet.
   * @throws AppError with the texts of `account/login/completed`; the signal's reason once it is aborted
   */
  pollDeviceCode(
    request: { issuerBase: string; code: DeviceCode },
    signal: AbortSignal,
  ): Promise<DeviceGrant | undefined>;
}

export function createIssuerClient(context: IssuerContext): IssuerClient {
  return {
    refreshTokens: (request) => refreshTokens(context, request),
    exchangeCode: (request) => exchangeCode(context, request),
    exchangeApiKey: (request) => exchangeApiKey(context, request),
    revokeToken: (request) => revokeToken(context, request),
    readWhoami: (url, token) => readWhoami(context, url, token),
    requestDeviceCode: (request) => requestDeviceCode(context, request),
    pollDeviceCode: (request, signal) => pollDeviceCode(context, request, signal),
  };
}
