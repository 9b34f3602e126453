import * as z from 'zod/mini';
import { epochSeconds } from '../util/rfc3339.js';
import { type IdTokenClaims, readIdToken } from './id-token.js';

/** The login that auth.json holds; auth.md 2. */
export type Login =
  | { readonly kind: 'none' }
  /**
   * The file is there but says nothing usable. `reason` is for people. `isTorn`: it is not even JSON, as while another
   * program writes it.
   */
  | { readonly kind: 'invalid'; readonly reason: string; readonly isTorn?: boolean }
  | { readonly kind: 'apiKey'; readonly apiKey: string }
  | { readonly kind: 'chatgpt'; readonly tokens: ChatgptTokens | null };

export interface ChatgptTokens {
  readonly claims: IdTokenClaims;
  /** The id token as it is stored. */
  readonly idToken: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly accountId: string | null;
  /** Whether the file says when the tokens were last refreshed; without it they are not sent. */
  readonly hasLastRefresh: boolean;
}

const AuthFile = z.object({
  auth_mode: z.nullish(z.enum(['chatgpt', 'apikey'])),
  OPENAI_API_KEY: z.nullish(z.string()),
  tokens: z.nullish(
    z.object({
      id_token: z.string(),
      access_token: z.string(),
      refresh_token: z.string(),
      account_id: z.nullish(z.string()),
    }),
  ),
  last_refresh: z.nullish(z.string().check(z.refine((text) => epochSeconds(text) !== undefined))),
});

/** Reads the text of auth.json. Never throws: what cannot be read is `invalid`. */
export function loginFromAuthFile(text: string): Login {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { kind: 'invalid', reason: 'not JSON', isTorn: true };
  }
  const read = AuthFile.safeParse(json);
  if (!read.success) {
    return { kind: 'invalid', reason: `unusable ${read.error.issues[0]?.path.join('.') || 'content'}` };
  }
  const { auth_mode: mode, OPENAI_API_KEY: apiKey, tokens, last_refresh: lastRefresh } = read.data;

  if ((mode ?? (typeof apiKey === 'string' ? 'apikey' : 'chatgpt')) === 'apikey') {
    return typeof apiKey === 'string'
      ? { kind: 'apiKey', apiKey }
      : { kind: 'invalid', reason: 'auth_mode is apikey, but there is no OPENAI_API_KEY' };
  }
  if (!tokens) return { kind: 'chatgpt', tokens: null };
  const claims = readIdToken(tokens.id_token);
  if (!claims) return { kind: 'invalid', reason: 'tokens.id_token is no JSON web token' };
  return {
    kind: 'chatgpt',
    tokens: {
      claims,
      idToken: tokens.id_token,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      accountId: tokens.account_id ?? null,
      hasLastRefresh: typeof lastRefresh === 'string',
    },
  };
}
