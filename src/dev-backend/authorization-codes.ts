import { createHash } from 'node:crypto';

import { v4 as createUuid } from 'uuid';

/** Whom an authorization code was given to; whoever brings it has to be the same. */
export interface CodeBinding {
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeChallenge: string;
}

export interface AuthorizationCode extends CodeBinding {
  readonly expiresAtMs: number;
  isUsed: boolean;
}

export interface CodeExchange {
  readonly code: string;
  readonly clientId: string;
  readonly redirectUri: string;
  readonly codeVerifier: string;
}

const lifetimeMs = 600_000;

/** The code is good once, for ten minutes. */
export function issueCode(codes: Map<string, AuthorizationCode>, holder: CodeBinding, nowMs: number): string {
  const code = `code-${createUuid()}`;
  codes.set(code, { ...holder, expiresAtMs: nowMs + lifetimeMs, isUsed: false });
  return code;
}

/** Uses the code up. Returns why it is refused, or undefined when it is good; a refused one stays as it is. */
export function useCode(
  codes: Map<string, AuthorizationCode>,
  redemption: CodeExchange,
  nowMs: number,
): string | undefined {
  const code = codes.get(redemption.code);
  if (code === undefined) return 'The authorization code is unknown';
  if (code.isUsed) return 'The authorization code was used before';
  if (nowMs >= code.expiresAtMs) return 'The authorization code has expired';
  if (code.clientId !== redemption.clientId) return 'The authorization code belongs to another client_id';
  if (code.redirectUri !== redemption.redirectUri) {
    return 'The authorization code belongs to another redirect_uri';
  }
  if (code.codeChallenge !== challengeOf(redemption.codeVerifier)) {
    return 'The code_verifier does not fit the code_challenge';
  }
  code.isUsed = true;
  return undefined;
}

/** PKCE, method S256. */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}
