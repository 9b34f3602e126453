import {
  type ApiKeyExchangeRequest,
  type CodeExchangeRequest,
  type CodeExchangeResult,
  exchangeApiKey,
  exchangeCode,
} from './code-exchange.js';
import { type DeviceCode, type DeviceGrant, pollDeviceCode, requestDeviceCode } from './device-code.js';
import type { IssuerContext } from './ask-issuer.js';
import {
  refreshTokens,
  type RefreshRequest,
  type RefreshResult,
  revokeToken,
  type RevokeRequest,
} from './tokens.js';
import { readWhoami, type WhoamiResult } from './whoami.js';

/** The services that issue tokens and know their owners. Only the calls of a device login throw. */
export interface IssuerClient {
  refreshTokens(request: RefreshRequest): Promise<RefreshResult>;
  exchangeCode(request: CodeExchangeRequest): Promise<CodeExchangeResult>;
  /** Asks for the API key that belongs to an id token. Resolves with null if there is none. */
  exchangeApiKey(request: ApiKeyExchangeRequest): Promise<string | null>;
  /** Resolves with the reason if the token could not be revoked. */
  revokeToken(request: RevokeRequest): Promise<string | undefined>;
  readWhoami(url: string, token: string): Promise<WhoamiResult>;
  /** Starts a device login. @throws AppError with the texts of `account/login/start` */
  requestDeviceCode(request: { issuerBase: string; clientId: string }): Promise<DeviceCode>;
  /**
   * Asks whether the person has agreed. Resolves with undefined if not yet.
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
