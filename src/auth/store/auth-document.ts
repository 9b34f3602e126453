import type { RenewedTokens } from '../../backend/issuer/tokens.js';
import { editedJson } from '../../util/json/exact-json.js';
import type { TokenProvenance } from '../credentials.js';
import { readIdToken } from '../id-token.js';

type Json = Record<string, unknown>;

export interface RefreshedDocument {
  /** The text of the document that the tokens were read from. */
  readonly text: string;
  readonly renewed: RenewedTokens;
  readonly nowMs: number;
  /** Whether the entry that names the issuer is removed. */
  readonly dropsProvenance: boolean;
}

/**
 * Returns the text of auth.json after a refresh. Tokens that the issuer did not send stay, and so do all fields that
 * this program does not know (D9).
 */
export function refreshedDocument({ text, renewed, nowMs, dropsProvenance }: RefreshedDocument): string {
  return editedJson(text, (value) => {
    const document = value as Json & { tokens: Json };
    const tokens: Json = { ...document.tokens };
    for (const [name, token] of Object.entries(renewed)) if (token !== undefined) tokens[name] = token;
    if (dropsProvenance) delete tokens.oauth_provenance;
    return orderedDocument({ ...document, tokens, last_refresh: refreshTime(nowMs) });
  });
}

/** Returns the text of auth.json with the access token of another workspace. Everything else stays. */
export function switchedDocument(
  text: string,
  { accessToken, accountId }: { accessToken: string; accountId: string },
): string {
  return editedJson(text, (value) => {
    const document = value as Json & { tokens: Json };
    const tokens = { ...document.tokens, access_token: accessToken, account_id: accountId };
    return orderedDocument({ ...document, tokens });
  });
}

/** A login that the issuer has granted. */
export interface IssuedLogin {
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** The API key that came with it, if any. */
  readonly apiKey: string | null;
  readonly provenance: TokenProvenance;
  /** Distinguishes the logins of one account: 43 characters of base64url. */
  readonly ownerId: string;
}

/** Returns the text of auth.json for a new login. */
export function issuedDocument(login: IssuedLogin, nowMs: number): string {
  const { issuer, clientId } = login.provenance;
  return documentText({
    auth_mode: 'chatgpt',
    OPENAI_API_KEY: login.apiKey,
    tokens: {
      id_token: login.idToken,
      access_token: login.accessToken,
      refresh_token: login.refreshToken,
      oauth_provenance: { issuer, client_id: clientId },
      login_owner_id: login.ownerId,
      account_id: readIdToken(login.idToken)?.accountId ?? null,
    },
    last_refresh: refreshTime(nowMs),
  });
}

export function apiKeyDocument(apiKey: string): string {
  return documentText({ auth_mode: 'apikey', OPENAI_API_KEY: apiKey });
}

/** Returns the text of auth.json for a personal access token. */
export function accessTokenDocument(token: string): string {
  return documentText({ OPENAI_API_KEY: null, personal_access_token: token });
}

/** Writes indented JSON without a newline at its end. */
function documentText(document: Json): string {
  return JSON.stringify(orderedDocument(document), null, 2);
}

/** Puts the keys into the reference's order, unknown ones after the others. */
function orderedDocument(document: Json): Json {
  const tokens = document.tokens as Json | null | undefined;
  const ordered = inOrder(document, ['auth_mode', 'OPENAI_API_KEY', 'tokens', 'last_refresh']);
  if (tokens) ordered.tokens = inOrder(tokens, tokenKeys);
  return ordered;
}

const tokenKeys = [
  'id_token',
  'access_token',
  'refresh_token',
  'oauth_provenance',
  'login_owner_id',
  'account_id',
];

function inOrder(object: Json, keys: readonly string[]): Json {
  const known = keys.filter((key) => object[key] !== undefined).map((key) => [key, object[key]]);
  return { ...(Object.fromEntries(known) as Json), ...object };
}

/** Writes RFC 3339 with nanoseconds, as the reference does. */
function refreshTime(nowMs: number): string {
  return new Date(nowMs).toISOString().replace('Z', '000000Z');
}
