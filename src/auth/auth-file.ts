import { type JsonError, parseJson } from '../util/json/json-check.js';
import {
  anything,
  checked,
  nullable,
  object,
  oneOf,
  orElse,
  type Read,
  text,
  tryRead,
} from '../util/json/reading.js';
import { epochSeconds } from '../util/text/rfc3339.js';
import type { ChatgptLogin, InvalidLogin, StoredLogin } from './credentials.js';
import { type IdTokenClaims, readIdToken, readJwtTimes } from './id-token.js';

const authModes = [
  'chatgpt',
  'apikey',
  'chatgptAuthTokens',
  'personalAccessToken',
  'agentIdentity',
  'headers',
  'bedrockApiKey',
  'bedrockAccessKeys',
] as const;

const AuthFile = object({
  auth_mode: nullable(oneOf(authModes)),
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
  agent_identity: nullable(anything),
  bedrock_api_key: nullable(object({ api_key: text, region: text })),
  bedrock_access_keys: nullable(object({ access_key_id: text, secret_access_key: text, region: text })),
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
  return read.isRead ? loginOf(read.data) : { kind: 'invalid', reason: `unusable ${read.path || 'content'}` };
}

/** Returns the login of a file. If it lacks something, the texts are those of Codex. */
function loginOf(file: AuthFile): StoredLogin {
  const { OPENAI_API_KEY: apiKey, personal_access_token: token } = file;
  switch (file.auth_mode ?? modeWithoutName(file)) {
    case 'chatgpt':
      return chatgptLogin(file, 'stored');
    case 'chatgptAuthTokens':
      return chatgptLogin(file, 'host');
    case 'apikey':
      return apiKey === null ? lacking('API key auth is missing a key') : { kind: 'apiKey', apiKey };
    case 'personalAccessToken':
      return token === null
        ? lacking('personal access token auth is missing a personal access token')
        : { kind: 'personalAccessToken', token };
    case 'bedrockApiKey':
      return file.bedrock_api_key
        ? { kind: 'bedrock', credentials: 'apiKey' }
        : lacking('Bedrock API key auth is missing a Bedrock API key');
    case 'bedrockAccessKeys':
      return file.bedrock_access_keys
        ? { kind: 'bedrock', credentials: 'accessKeys' }
        : lacking('Bedrock access keys auth is missing AWS access keys');
    case 'agentIdentity':
      return file.agent_identity === null
        ? lacking('agent identity auth is missing agent identity auth material')
        : { ...lacking('only Codex can use an agent identity'), errorKind: 'authUnsupported' };
    case 'headers':
      return {
        ...lacking('externally provided auth cannot be loaded from auth storage'),
        errorKind: 'authUnsupported',
      };
  }
}

function modeWithoutName({
  personal_access_token: token,
  OPENAI_API_KEY: apiKey,
}: AuthFile): 'personalAccessToken' | 'apikey' | 'chatgpt' {
  if (token !== null) return 'personalAccessToken';
  return apiKey === null ? 'chatgpt' : 'apikey';
}

function lacking(reason: string): InvalidLogin {
  return { kind: 'invalid', reason, isWellFormed: true };
}

function chatgptLogin(
  { tokens, last_refresh: lastRefresh }: AuthFile,
  source: 'stored' | 'host',
): ChatgptLogin | InvalidLogin {
  if (!tokens) return { kind: 'chatgpt', source, tokens: null };
  const claims = claimsOf(tokens);
  if (!claims) return { kind: 'invalid', reason: 'tokens.id_token is not a JSON web token' };
  const { oauth_provenance: provenance } = tokens;
  return {
    kind: 'chatgpt',
    source,
    tokens: {
      claims,
      idToken: tokens.id_token,
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      accountId: tokens.account_id,
      expiresAtMs: readJwtTimes(tokens.access_token).expiresAtMs,
      lastRefreshMs: lastRefresh === null ? null : (epochSeconds(lastRefresh) ?? 0) * 1000,
      provenance: provenance ? { issuer: provenance.issuer, clientId: provenance.client_id } : null,
    },
  };
}

/**
 * Reads the claims of the id token. After a switch to another workspace only the access token has its plan: the id
 * token stays that of the login.
 */
function claimsOf({
  id_token: idToken,
  access_token: accessToken,
  account_id: accountId,
}: NonNullable<AuthFile['tokens']>): IdTokenClaims | undefined {
  const claims = readIdToken(idToken);
  if (!claims || accountId === null || claims.accountId === accountId) return claims;
  const own = readIdToken(accessToken);
  return own?.accountId === accountId ? { ...claims, planType: own.planType ?? claims.planType } : claims;
}
