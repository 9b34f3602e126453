import { createHash, randomBytes } from 'node:crypto';

/** What ties a browser's answer to the login that asked for it; all of it is base64url. */
export interface LoginSecrets {
  /** 43 characters. */
  readonly state: string;
  /** 86 characters. */
  readonly codeVerifier: string;
  /** The SHA-256 of the verifier: 43 characters. */
  readonly codeChallenge: string;
}

/** Fresh ones for each login; RFC 7636, method S256. */
export function createLoginSecrets(): LoginSecrets {
  const codeVerifier = randomBytes(64).toString('base64url');
  return {
    state: randomBytes(32).toString('base64url'),
    codeVerifier,
    codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  };
}
