import { createHash } from 'node:crypto';

import { v4 as createUuid } from 'uuid';

/** The values that an authorization code is bound to. Its exchange must present the same ones. */
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

/** Issues a code that can be used once, within ten minutes. */
export function issueCode(
  codes: Map<string, AuthorizationCode>,
  binding: CodeBinding,
  nowMs: number,
): string {
  const code = `code-${createUuid()}`;
  codes.set(code, { ...binding, expiresAtMs: nowMs + lifetimeMs, isUsed: false });
  return code;
}

/** Marks the code as used. If it is refused, returns the reason and does not change the code. */
export function useCode(
  codes: Map<string, AuthorizationCode>,
  exchange: CodeExchange,
  nowMs: number,
): string | undefined {
  const code = codes.get(exchange.code);
  if (code === undefined) return 'The authorization code is unknown';
  if (code.isUsed) return 'The authorization code has already been used';
  if (nowMs >= code.expiresAtMs) return 'The authorization code has expired';
  if (code.clientId !== exchange.clientId) return 'The authorization code belongs to another client_id';
  if (code.redirectUri !== exchange.redirectUri) {
    return 'The authorization code belongs to another redirect_uri';
  }
  if (code.codeChallenge !== challengeOf(exchange.codeVerifier)) {
    return 'The code_verifier does not match the code_challenge';
  }
  code.isUsed = true;
  return undefined;
}

/** Returns the PKCE challenge of a verifier, method S256. */
export function challengeOf(codeVerifier: string): string {
  return createHash('sha256').update(codeVerifier).digest('base64url');
}
