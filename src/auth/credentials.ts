import type { IdTokenClaims } from './id-token.js';

/** The login in use. */
export type Login =
  NoLogin | InvalidLogin | { readonly kind: 'apiKey'; readonly apiKey: string } | BedrockLogin | ChatgptLogin;

/** No login, or one that cannot be used. */
export interface NoLogin {
  readonly kind: 'none';
  /** Why not, if more can be said than that nothing is stored. For people. */
  readonly reason?: string;
}

/** Credentials for Amazon Bedrock, which has no limits to read. They stay stored and are never sent. */
export interface BedrockLogin {
  readonly kind: 'bedrock';
  readonly credentials: 'apiKey' | 'accessKeys';
}

/** A ChatGPT login. Without tokens its requests are sent without credentials. */
export interface ChatgptLogin {
  readonly kind: 'chatgpt';
  /**
   * The origin of the tokens. `host`: the client owns them, and they are only in memory, or the program that has stored
   * them does. This server never refreshes or revokes those.
   */
  readonly source: 'stored' | 'personalAccessToken' | 'host';
  readonly tokens: ChatgptTokens | null;
}

/** The content of the store cannot be used. `reason` is a sentence for people. */
export interface InvalidLogin {
  readonly kind: 'invalid';
  readonly reason: string;
  /** `authFileInvalid` if absent. `authUnsupported`: only Codex can use this login. */
  readonly errorKind?: 'authStoreUnavailable' | 'authUnsupported';
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
  /** When they were last refreshed, in Unix milliseconds; null if the store does not say. */
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
