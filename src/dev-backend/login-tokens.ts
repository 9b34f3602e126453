import { devIdentity } from './identity.js';

/** Whose tokens they are. */
export interface Identity {
  readonly email: string;
  readonly plan: string;
  readonly accountId: string;
  readonly userId: string;
}

export interface AccessClaims {
  /** Its own name, by which the issuer knows it again. */
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

/** Three non-empty base64url parts, as readers of a JWT expect, but the last one signs nothing. */
export function unsignedJwt(claims: object): string {
  const parts = [JSON.stringify({ alg: 'none', typ: 'JWT' }), JSON.stringify(claims), 'unsigned'];
  return parts.map((part) => Buffer.from(part).toString('base64url')).join('.');
}

/** The claims of a token in the shape of ours; undefined for any other text. */
export function readAccessClaims(token: string): AccessClaims | undefined {
  const claims = readClaims(token);
  const { jti, exp } = (claims ?? {}) as Record<string, unknown>;
  return typeof jti === 'string' && typeof exp === 'number' ? { jti, exp } : undefined;
}

export function isIdToken(token: string): boolean {
  const { email } = (readClaims(token) ?? {}) as Record<string, unknown>;
  return typeof email === 'string' && readAccessClaims(token) === undefined;
}

function claimsOf(identity: Identity, expiresAtMs: number): object {
  return {
    email: identity.email,
    exp: Math.floor(expiresAtMs / 1000),
    'https://api.openai.com/auth': {
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
