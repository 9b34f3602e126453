import { devIdentity, type Identity, type UserOfAccount } from '../identity.js';

const authClaim = 'https://api.openai.com/auth';

export interface AccessClaims {
  /** The id of the token, by which the issuer recognizes it. */
  readonly jti: string;
  /** Unix seconds. */
  readonly exp: number;
}

export function createIdToken(expiresAtMs: number, identity: Identity = devIdentity): string {
  return unsignedJwt(claimsOf(identity, expiresAtMs));
}

export function createAccessToken(id: string, expiresAtMs: number, identity: Identity = devIdentity): string {
  return unsignedJwt({ ...claimsOf(identity, expiresAtMs), jti: id });
}

/** Creates a JWT with a placeholder as its signature. It has three non-empty parts, because readers expect them. */
export function unsignedJwt(claims: object): string {
  const parts = [JSON.stringify({ alg: 'none', typ: 'JWT' }), JSON.stringify(claims), 'unsigned'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** Reads the claims of an access token of this issuer. Undefined for any other text. */
export function readAccessClaims(token: string): AccessClaims | undefined {
  const claims = readClaims(token);
  const { jti, exp } = (claims ?? {}) as Record<string, unknown>;
  return typeof jti === 'string' && typeof exp === 'number' ? { jti, exp } : undefined;
}

/** Reads which user of which account a token is for. Undefined for a text that does not say it. */
export function readUser(token: string): UserOfAccount | undefined {
  const { [authClaim]: auth } = (readClaims(token) ?? {}) as Record<string, unknown>;
  const { chatgpt_account_id: accountId, chatgpt_user_id: userId } = (auth ?? {}) as Record<string, unknown>;
  return typeof accountId === 'string' && typeof userId === 'string' ? { accountId, userId } : undefined;
}

export function isIdToken(token: string): boolean {
  const { email } = (readClaims(token) ?? {}) as Record<string, unknown>;
  return typeof email === 'string' && readAccessClaims(token) === undefined;
}

function claimsOf(identity: Identity, expiresAtMs: number): object {
  return {
    email: identity.email,
    exp: Math.floor(expiresAtMs / 1000),
    [authClaim]: {
      chatgpt_plan_type: identity.plan,
      chatgpt_user_id: identity.userId,
      chatgpt_account_id: identity.accountId,
    },
  };
}

function readClaims(token: string): unknown {
  const [, claims = ''] = token.split('.');
  try {
    return JSON.parse(Buffer.from(claims, 'base64url').toString());
  } catch {
    return undefined;
  }
}
