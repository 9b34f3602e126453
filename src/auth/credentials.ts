import { type JsonError, parseJson } from '../util/json-check.js';
import { checked, nullable, object, oneOf, orElse, type Read, text, tryRead } from '../util/reading.js';
import { epochSeconds } from '../util/rfc3339.js';
import { type IdTokenClaims, readExpiryMs, readIdToken } from './id-token.js';

/** The login in use. */
export type Login =
  | { readonly kind: 'none' }
  | InvalidLogin
  | { readonly kind: 'apiKey'; readonly apiKey: string }
  | ChatgptLogin;

/** A ChatGPT login. Without tokens its requests are sent without credentials. */
export interface ChatgptLogin {
  readonly kind: 'chatgpt';
  /** The origin of the tokens. `host`: the client owns them, and they are only in memory. */
  readonly source: 'stored' | 'personalAccessToken' | 'host';
  readonly tokens: ChatgptTokens | null;
}

/** The content of the store cannot be used. `reason` is a sentence for people. */
export interface InvalidLogin {
  readonly kind: 'invalid';
  readonly reason: string;
  /** `authFileInvalid` if absent. */
  readonly errorKind?: 'authStoreUnavailable';
  /** It is not even JSON, for example because another program is writing it. */
  readonly isTorn?: boolean;
  /** The file is well formed, but it does not contain a login. */
  readonly isWellFormed?: boolean;
}

export interface ChatgptTokens {
  readonly claims: IdTokenClaims;
  /** The id token as it is stored. */
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly accountId: string | null;
  /** When the access token expires, in Unix milliseconds; null if it does not say. */
  readonly expiresAtMs: number | null;
  /** When they were last refreshed, in Unix milliseconds. Null: unknown; they are not sent then. */
  readonly lastRefreshMs: number | null;
  /** The issuer, if it is stored. */
  readonly provenance: TokenProvenance | null;
}

/** Returns a text that is the same for the same tokens of the same account. */
export function tokensKey({ accountId, accessToken, refreshToken }: ChatgptTokens): string {
  return JSON.stringify([accountId, accessToken, refreshToken]);
}

/** Returns whether these are the tokens of the login. */
export function isLoginOf(tokens: ChatgptTokens, login: StoredLogin | { readonly kind: 'none' }): boolean {
  return login.kind === 'chatgpt' && login.tokens !== null && tokensKey(login.tokens) === tokensKey(tokens);
}

export interface TokenProvenance {
  readonly issuer: string;
  readonly clientId: string;
}

/** The login in a store, or a personal access token: only its issuer knows the account. */
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
      // It only decides where to refresh: if it cannot be read, the login is still used.
      oauth_provenance: orElse(nullable(object({ issuer: text, client_id: text })), null),
    }),
  ),
  last_refresh: nullable(checked(text, (time) => epochSeconds(time) !== undefined)),
  personal_access_token: nullable(text),
});
type AuthFile = Read<typeof AuthFile>;

/** Reads the text of auth.json. Never throws: a text that cannot be read is `invalid`. */
export function loginFromAuthFile(text: string): StoredLogin {
  let json: unknown;
  try {
    json = parseJson(text);
  } catch (error) {
    const { problem, message } = error as JsonError;
    return { kind: 'invalid', reason: message, isTorn: problem === 'notJson' };
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
  if (!claims) return { kind: 'invalid', reason: 'tokens.id_token is not a JSON web token' };
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
