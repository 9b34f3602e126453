import { type IssuerContext, refreshTokens, type RefreshRequest, type RefreshResult } from './issuer.js';
import { revokeToken, type RevokeRequest } from './revoke-token.js';
import { readWhoami } from './whoami.js';
import type { WireWhoami } from './wire-issuer.js';

/** The services that issue tokens and know whom they are of. No call throws. */
export interface IssuerClient {
  refreshTokens(request: RefreshRequest): Promise<RefreshResult>;
  revokeToken(request: RevokeRequest): Promise<void>;
  /** Whom a personal access token is of; undefined where that cannot be found out. */
  readWhoami(url: string, token: string): Promise<WireWhoami | undefined>;
}

export function createIssuerClient(context: IssuerContext): IssuerClient {
  return {
    refreshTokens: (request) => refreshTokens(context, request),
    revokeToken: (request) => revokeToken(context, request),
    readWhoami: (url, token) => readWhoami(context, url, token),
  };
}
