import { v4 as createUuid } from 'uuid';

import { createAccessToken, createIdToken, readAccessClaims } from './login-tokens.js';

/** A chain of refresh tokens, each got for the one before; a login begins one. */
export interface TokenFamily {
  readonly id: string;
  newestToken: string;
  /** Why none of its tokens holds any longer. */
  revokedFor: 'reuse' | 'request' | null;
}

export interface IssuedRefreshToken {
  readonly token: string;
  readonly familyId: string;
  readonly issuedAtMs: number;
  /** Only the newest one of a family that holds is `current`. */
  state: 'current' | 'used' | 'revoked';
  /** How often a refresh came with it, refused ones included. */
  timesPresented: number;
}

/** Everything the issuer has given out. Every entry stays, so that a test can look at all of them in the end. */
export interface TokenLedger {
  readonly families: Map<string, TokenFamily>;
  /** In order of issue, by their own text. */
  readonly refreshTokens: Map<string, IssuedRefreshToken>;
  /** The families by the `jti` of their access tokens. Emptying it refuses every access token issued so far. */
  readonly familyIdByAccessTokenId: Map<string, string>;
  /** A used-up refresh token for each time that it came again. */
  readonly reuses: string[];
}

export interface TokenLifetimes {
  readonly accessTokenMs: number;
  readonly refreshTokenMs: number;
}

/** What a login, or a refresh, hands to the client. */
export interface LoginTokens {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

export type RefreshRefusal = 'refresh_token_expired' | 'refresh_token_reused' | 'refresh_token_invalidated';

/** The login that a dev home stores. */
export const devLogin = { refreshToken: 'refresh-dev', accessTokenId: 'access-dev' } as const;

/** Knows the login of the dev home as its first family. */
export function openTokenLedger(nowMs: number): TokenLedger {
  const ledger: TokenLedger = {
    families: new Map(),
    refreshTokens: new Map(),
    familyIdByAccessTokenId: new Map(),
    reuses: [],
  };
  const family = addFamily(ledger, devLogin.refreshToken, nowMs);
  ledger.familyIdByAccessTokenId.set(devLogin.accessTokenId, family.id);
  return ledger;
}

export function beginFamily(ledger: TokenLedger, lifetimes: TokenLifetimes, nowMs: number): LoginTokens {
  const family = addFamily(ledger, `refresh-${createUuid()}`, nowMs);
  return tokensOf(ledger, family, lifetimes, nowMs);
}

/**
 * Takes the newest refresh token of a family for the next one. A used-up one that comes again revokes its
 * family, for one of the two who came with it is not its owner.
 */
export function rotate(
  ledger: TokenLedger,
  presented: string,
  lifetimes: TokenLifetimes,
  nowMs: number,
): LoginTokens | RefreshRefusal {
  const known = ledger.refreshTokens.get(presented);
  const family = known && ledger.families.get(known.familyId);
  if (known === undefined || family === undefined) return 'refresh_token_invalidated';
  known.timesPresented += 1;
  if (known.state === 'used') {
    ledger.reuses.push(presented);
    revoke(ledger, family, 'reuse');
    return 'refresh_token_reused';
  }
  if (known.state === 'revoked') return 'refresh_token_invalidated';
  if (nowMs >= known.issuedAtMs + lifetimes.refreshTokenMs) return 'refresh_token_expired';
  known.state = 'used';
  addRefreshToken(ledger, family, `refresh-${createUuid()}`, nowMs);
  return tokensOf(ledger, family, lifetimes, nowMs);
}

/** Revokes the family of a refresh or access token; one that nobody knows changes nothing. */
export function revokeToken(ledger: TokenLedger, token: string): void {
  const familyId =
    ledger.refreshTokens.get(token)?.familyId ??
    ledger.familyIdByAccessTokenId.get(readAccessClaims(token)?.jti ?? '');
  const family = ledger.families.get(familyId ?? '');
  if (family) revoke(ledger, family, 'request');
}

export function isAcceptedAccessToken(ledger: TokenLedger, token: string, nowMs: number): boolean {
  const claims = readAccessClaims(token);
  if (claims === undefined || nowMs >= claims.exp * 1000) return false;
  const family = ledger.families.get(ledger.familyIdByAccessTokenId.get(claims.jti) ?? '');
  return family?.revokedFor === null;
}

function addFamily(ledger: TokenLedger, firstToken: string, nowMs: number): TokenFamily {
  const id = `family-${ledger.families.size + 1}`;
  const family: TokenFamily = { id, newestToken: firstToken, revokedFor: null };
  ledger.families.set(id, family);
  addRefreshToken(ledger, family, firstToken, nowMs);
  return family;
}

function addRefreshToken(ledger: TokenLedger, family: TokenFamily, token: string, nowMs: number): void {
  family.newestToken = token;
  ledger.refreshTokens.set(token, {
    token,
    familyId: family.id,
    issuedAtMs: nowMs,
    state: 'current',
    timesPresented: 0,
  });
}

function tokensOf(
  ledger: TokenLedger,
  family: TokenFamily,
  lifetimes: TokenLifetimes,
  nowMs: number,
): LoginTokens {
  const accessTokenId = `access-${createUuid()}`;
  const expiresAtMs = nowMs + lifetimes.accessTokenMs;
  ledger.familyIdByAccessTokenId.set(accessTokenId, family.id);
  return {
    id_token: createIdToken(expiresAtMs),
    access_token: createAccessToken(accessTokenId, expiresAtMs),
    refresh_token: family.newestToken,
  };
}

/** The first reason stays. All but the newest token are used up anyway. */
function revoke(ledger: TokenLedger, family: TokenFamily, reason: 'reuse' | 'request'): void {
  family.revokedFor ??= reason;
  const newest = ledger.refreshTokens.get(family.newestToken);
  if (newest) newest.state = 'revoked';
}
