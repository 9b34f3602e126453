import { checked, nullable, object, oneOf, orElse, type Read, text, tryRead } from '../util/reading.js';
import { epochSeconds } from '../util/rfc3339.js';
import { type IdTokenClaims, readExpiryMs, readIdToken } from './id-token.js';

/** The login that is in force; auth.md 2. */
export type Login =
  | { readonly kind: 'none' }
  | InvalidLogin
  | { readonly kind: 'apiKey'; readonly apiKey: string }
  | ChatgptLogin;

/** A ChatGPT login, by where its tokens come from; without tokens its requests go out bare. */
export interface ChatgptLogin {
  readonly kind: 'chatgpt';
  /** `host`: the client owns the tokens, and they are in memory only. */
  readonly source: 'stored' | 'personalAccessToken' | 'host';
  readonly tokens: ChatgptTokens | null;
}

/** The store says nothing usable. `reason` is for people. */
export interface InvalidLogin {
  readonly kind: 'invalid';
  readonly reason: string;
  /** `authFileInvalid` unless given. */
  readonly errorKind?: 'authStoreUnavailable';
  /** It is not even JSON, as while another program writes it. */
  readonly isTorn?: boolean;
  /** The file as such is as it should be, though it holds no login. */
  readonly isWellFormed?: boolean;
}

export interface ChatgptTokens {
  readonly claims: IdTokenClaims;
  /** The id token as it is stored. */
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly accountId: string | null;
  /** When the access token expires, in Unix milliseconds; null where it does not say. */
  readonly expiresAtMs: number | null;
  /** When they were last refreshed, in Unix milliseconds; null: unknown, and then they are not sent. */
  readonly lastRefreshMs: number | null;
  /** Who issued them, where that is stored. */
  readonly provenance: TokenProvenance | null;
}

export interface TokenProvenance {
  readonly issuer: string;
  readonly clientId: string;
}

/** What a store can hold: a login, or a personal access token, which only its issuer can tell more of. */
export type StoredLogin =
  Exclude<Login, { kind: 'none' }> | { readonly kind: 'personalAccessToken'; readonly token: string };

const AuthFile = object({
  auth_mode: nullable(oneOf(['chatgpt', 'apikey'])),
  OPENAI_API_KEY: nullable(text),
  tokens: nullable(
    object({
      id_token: text,
      access_token: text,
      refresh_token: text,
      account_id: nullable(text),
      // It only says where to refresh: one that cannot be read is no reason to sign anybody out.
      oauth_provenance: orElse(nullable(object({ issuer: text, client_id: text })), null),
    }),
  ),
  last_refresh: nullable(checked(text, (time) => epochSeconds(time) !== undefined)),
  personal_access_token: nullable(text),
});
type AuthFile = Read<typeof AuthFile>;

/** Reads the text of auth.json. Never throws: what cannot be read is `invalid`. */
export function loginFromAuthFile(text: string): StoredLogin {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'invalid', reason: 'not JSON', isTorn: true };
  }
  const read = tryRead(AuthFile, json);
  if (!read.isRead) {
    return { kind: 'invalid', reason: `unusable ${read.path || 'content'}` };
  }
  const { auth_mode: mode, OPENAI_API_KEY: apiKey, personal_access_token: token } = read.data;

  if (!mode && typeof token === 'string') return { kind: 'personalAccessToken', token };
  if ((mode ?? (typeof apiKey === 'string' ? 'apikey' : 'chatgpt')) === 'chatgpt') {
    return chatgptLogin(read.data);
  }
  return typeof apiKey === 'string'
    ? { kind: 'apiKey', apiKey }
    : { kind: 'invalid', reason: 'auth_mode is apikey, but there is no OPENAI_API_KEY', isWellFormed: true };
}

function chatgptLogin({ tokens, last_refresh: lastRefresh }: AuthFile): ChatgptLogin | InvalidLogin {
  if (!tokens) return { kind: 'chatgpt', source: 'stored', tokens: null };
  const claims = readIdToken(tokens.id_token);
  if (!claims) return { kind: 'invalid', reason: 'tokens.id_token is no JSON web token' };
  const { oauth_provenance: provenance } = tokens;
  return {
    kind: 'chatgpt',
    source: 'stored',
    tokens: {
      claims,
      idToken: tokens.id_token,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      accountId: tokens.account_id ?? null,
      expiresAtMs: readExpiryMs(tokens.access_token),
      lastRefreshMs: typeof lastRefresh === 'string' ? (epochSeconds(lastRefresh) ?? 0) * 1000 : null,
      provenance: provenance ? { issuer: provenance.issuer, clientId: provenance.client_id } : null,
    },
  };
}
