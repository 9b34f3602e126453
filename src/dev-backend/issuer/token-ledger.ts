import { v4 as createUuid } from 'uuid';

import type { Identity } from '../identity.js';
import { createAccessToken, createIdToken, readAccessClaims } from './login-tokens.js';

/** A chain of refresh tokens that starts with a login. Each token was issued in exchange for the previous one. */
export interface TokenFamily {
  readonly id: string;
  newestToken: string;
  /** The reason why its tokens are revoked, or null. */
  revokedFor: 'reuse' | 'request' | null;
}

export interface IssuedRefreshToken {
  readonly token: string;
  readonly familyId: string;
  readonly issuedAtMs: number;
  /** `current` only for the newest token of a family that is not revoked. */
  state: 'current' | 'used' | 'revoked';
  /** The number of refreshes with this token, including refused ones. */
  timesPresented: number;
}

/** Every token that the issuer has issued. Entries stay, so that tests can inspect all of them at the end. */
export interface TokenLedger {
  /** The account that new tokens name. */
  identity: Identity;
  readonly families: Map<string, TokenFamily>;
  /** The refresh tokens by their text, in order of issue. */
  readonly refreshTokens: Map<string, IssuedRefreshToken>;
  /** The families by the `jti` of their access tokens. Clearing it refuses all access tokens issued so far. */
  readonly familyIdByAccessTokenId: Map<string, string>;
  /** The refresh token of every refresh that used a token again. */
  readonly reuses: string[];
}

export interface TokenLifetimes {
  readonly accessTokenMs: number;
  readonly refreshTokenMs: number;
}

/** The response to a login or a refresh. */
export interface LoginTokens {
  readonly id_token: string;
  readonly access_token: string;
  readonly refresh_token: string;
}

export type RefreshRefusal = 'refresh_token_expired' | 'refresh_token_reused' | 'refresh_token_invalidated';

/** The tokens in a dev home. */
export const devLogin = { refreshToken: 'refresh-dev', accessTokenId: 'access-dev' } as const;

/** Creates a ledger with the login of the dev home as its first family. */
export function openTokenLedger(nowMs: number, identity: Identity): TokenLedger {
  const ledger: TokenLedger = {
    identity,
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
 * Exchanges the current refresh token of a family for a new one. A token that is used again revokes its family, because
 * one of its two users is not the owner.
 */
export function rotateRefreshToken(
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

/** Revokes the family of a refresh or access token. An unknown token has no effect. */
export function revokeToken(ledger: TokenLedger, token: string): void {
  const familyId =
    ledger.refreshTokens.get(token)?.familyId ??
    ledger.familyIdByAccessTokenId.get(readAccessClaims(token)?.jti ?? '');
  const family = ledger.families.get(familyId ?? '');
  if (family) revoke(ledger, family, 'request');
}

/** Revokes every login. */
export function revokeAll(ledger: TokenLedger): void {
  for (const family of ledger.families.values()) revoke(ledger, family, 'request');
}

/** Refuses every access token that was issued so far. */
export function endAccessTokens(ledger: TokenLedger): void {
  ledger.familyIdByAccessTokenId.clear();
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
    id_token: createIdToken(expiresAtMs, ledger.identity),
    access_token: createAccessToken(accessTokenId, expiresAtMs, ledger.identity),
    refresh_token: family.newestToken,
  };
}

/** Revokes a family. Keeps an earlier reason. Only the newest token can still be current. */
function revoke(ledger: TokenLedger, family: TokenFamily, reason: 'reuse' | 'request'): void {
  family.revokedFor ??= reason;
  const newest = ledger.refreshTokens.get(family.newestToken);
  if (newest) newest.state = 'revoked';
}
