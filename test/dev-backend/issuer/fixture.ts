import { createHash } from 'node:crypto';
import type { DevBackend, DevBackendOptions } from '../../../src/dev-backend/server.js';
import { startDevBackend } from '../../../src/dev-backend/server.js';
import type { LoginTokens } from '../../../src/dev-backend/issuer/token-ledger.js';

/** A backend whose clock a test moves, and requests to its issuer. */
export interface IssuerFixture {
  readonly backend: DevBackend;
  /** Moves the clock forward. */
  pass(durationMs: number): void;
  /** Sends a request and resolves with status and body. */
  postJson(path: string, body: unknown): Promise<IssuerAnswer>;
  postForm(path: string, fields: Record<string, string>): Promise<IssuerAnswer>;
  get(path: string, token?: string): Promise<IssuerAnswer>;
  refresh(refreshToken: string): Promise<IssuerAnswer>;
  /** Refreshes and resolves with the new tokens. Rejects if the refresh fails. */
  renew(refreshToken: string): Promise<LoginTokens>;
}

export interface IssuerAnswer {
  readonly status: number;
  /** The target of a redirect. */
  readonly location: string | null;
  /** The value if it is JSON, otherwise the text. */
  readonly body: unknown;
}

export const issuerStartMs = Date.parse('2026-01-01T00:00:00Z');

const codeVerifier = 'verifier-'.repeat(6);

const redirectUri = 'http://127.0.0.1:1455/auth/callback';

/** The parameters that a client sends to the authorize page. */
export const authorizeFields = {
  response_type: 'code',
  client_id: 'client-1',
  redirect_uri: redirectUri,
  code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
  code_challenge_method: 'S256',
  state: 'state-1',
};

/** Returns the fields of the exchange that fits `authorizeFields`. */
export function exchangeFields(code: string) {
  return {
    grant_type: 'authorization_code',
    client_id: 'client-1',
    code,
    redirect_uri: redirectUri,
    code_verifier: codeVerifier,
  };
}

export async function withIssuer(
  options: DevBackendOptions,
  act: (fixture: IssuerFixture) => Promise<void>,
): Promise<void> {
  let nowMs = issuerStartMs;
  const clock = { nowMs: () => nowMs, monotonicMs: () => 0, after: () => () => undefined };
  const backend = await startDevBackend({ clock, ...options });
  const send = async (path: string, init: RequestInit): Promise<IssuerAnswer> => {
    const response = await fetch(backend.url + path, { ...init, redirect: 'manual' });
    const text = await response.text();
    const isJson = response.headers.get('content-type') === 'application/json';
    return {
      status: response.status,
      location: response.headers.get('location'),
      body: isJson ? (JSON.parse(text) as unknown) : text,
    };
  };
  const postJson: IssuerFixture['postJson'] = (path, body) =>
    send(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const refresh = (refreshToken: string) =>
    postJson('/oauth/token', {
      client_id: 'client-1',
      grant_type: 'refresh_token',
      refresh_reason: 'forced',
      refresh_token: refreshToken,
    });
  await act({
    backend,
    pass: (durationMs) => (nowMs += durationMs),
    postJson,
    postForm: (path, fields) => send(path, { method: 'POST', body: new URLSearchParams(fields) }),
    get: (path, token) =>
      send(path, { headers: token === undefined ? {} : { authorization: `Bearer ${token}` } }),
    refresh,
    renew: async (refreshToken) => {
      const { status, body } = await refresh(refreshToken);
      if (status !== 200) throw new Error(`the refresh was answered ${status}`);
      return body as LoginTokens;
    },
  }).finally(() => backend.close());
}

/** Reads the claims of a JWT. */
export function claimsIn(token: string): unknown {
  return JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
}
