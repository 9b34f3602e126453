import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { unsignedJwt } from '../../src/dev-backend/issuer/login-tokens.js';
import { type AccountFixture, type AccountFixtureOptions, withAccount } from '../support/account-fixture.js';
import { chatgptLogin } from '../support/auth-file.js';
import { lineWithoutTime, updated } from '../support/notifications.js';
import { pauseSkippingClock } from '../support/pause-skipping-clock.js';
import { type RecordedCall, withIssuer } from '../support/recording-issuer.js';

const owner = {
  email: null,
  chatgpt_user_id: 'user-pat',
  chatgpt_account_id: 'account-pat',
  chatgpt_plan_type: 'Pro',
  chatgpt_account_is_fedramp: true,
};

interface ModeFixture extends AccountFixture {
  readonly calls: readonly RecordedCall[];
}

/** Runs `act` with a server whose issuer knows the owner of each personal access token. */
function withMode(
  auth: unknown,
  act: (fixture: ModeFixture) => Promise<void>,
  options: AccountFixtureOptions = {},
  answer = (response: ServerResponse): unknown => response.end(JSON.stringify(owner)),
): Promise<void> {
  return withIssuer(
    ({ url, calls }) =>
      withAccount(
        {
          auth,
          clock: pauseSkippingClock(),
          authEnvironment: { authApiBaseUrl: url, refreshTokenUrl: url, revokeTokenUrl: url },
          ...options,
        },
        (fixture) => act({ ...fixture, calls }),
      ),
    (response) => void answer(response),
  );
}

interface Seen {
  /** The account of `account/read`, or the message of its error. */
  readonly account: unknown;
  readonly status: readonly unknown[];
  /** The credentials of the read, or the kind of auth in the error message with the kind of the error. */
  readonly read: unknown;
}

async function seenBy({ backend, call, read }: AccountFixture): Promise<Seen> {
  backend.script('usage', { body: {} });
  backend.script('accountsCheck', { status: 404 });
  const account = (await call('account/read', {})) as {
    result?: { account: { type: string } | null };
    error?: { message: string };
  };
  const { result: status } = (await call('getAuthStatus', { includeToken: true })) as {
    result: { authMethod: unknown; authToken: unknown };
  };
  const { error } = (await read()) as { error?: { message: string; data: { kind: string } } };
  const sent = backend.requests.find(({ url }) => url.endsWith('/usage'));
  return {
    account: account.error?.message ?? account.result?.account?.type ?? null,
    status: [status.authMethod, status.authToken],
    read: error
      ? [error.message.replace(' authentication required to read rate limits', ''), error.data.kind]
      : (sent?.headers.authorization ?? 'no credentials'),
  };
}

const key = { OPENAI_API_KEY: 'sk-1' };
const pat = { personal_access_token: 'at-canary' };
const bedrock = {
  bedrock_api_key: { api_key: 'canary-bedrock', region: 'eu-1' },
  bedrock_access_keys: { access_key_id: 'canary-id', secret_access_key: 'canary-secret', region: 'eu-1' },
};
const agent = { agent_identity: { agent_runtime_id: 'canary-runtime' } };

const none = (kind: string): Seen => ({
  account: null,
  status: [null, null],
  read: ['codex account', kind],
});
const chatgpt = (mode: string): Seen => ({
  account: 'chatgpt',
  status: [mode, 'canary-access-token'],
  read: 'Bearer canary-access-token',
});
const personal = (token: string): Seen => ({
  account: 'chatgpt',
  status: ['personalAccessToken', null],
  read: `Bearer ${token}`.trim(),
});
const withKey: Seen = { account: 'apiKey', status: ['apikey', 'sk-1'], read: ['chatgpt', 'authRequired'] };
const tokenless: Seen = {
  account: 'plan type is required for chatgpt authentication',
  status: [null, null],
  read: 'no credentials',
};
const amazon: Seen = {
  account: 'Bedrock API key auth is only supported by the Amazon Bedrock model provider',
  status: [null, null],
  read: ['chatgpt', 'authUnsupported'],
};
const mode = (auth_mode: string | undefined, ...members: object[]): object =>
  Object.assign({ auth_mode }, ...members) as object;
const { tokens } = chatgptLogin() as { tokens: object };
const withTokens = { tokens, last_refresh: new Date().toISOString() };

const modes: [what: string, auth: object, seen: Seen][] = [
  ['chatgpt with tokens', mode('chatgpt', withTokens), chatgpt('chatgpt')],
  ['chatgpt with tokens and a key', mode('chatgpt', withTokens, key), chatgpt('chatgpt')],
  ['chatgpt with a key and a personal access token alone', mode('chatgpt', key, pat), tokenless],
  ['apikey with a key and tokens', mode('apikey', key, withTokens), withKey],
  ['apikey with tokens alone', mode('apikey', withTokens), none('authFileInvalid')],
  ['chatgptAuthTokens with tokens', mode('chatgptAuthTokens', withTokens), chatgpt('chatgptAuthTokens')],
  [
    'chatgptAuthTokens without refresh token and account',
    mode('chatgptAuthTokens', {
      ...withTokens,
      tokens: { ...tokens, refresh_token: '', account_id: undefined },
    }),
    chatgpt('chatgptAuthTokens'),
  ],
  [
    'chatgptAuthTokens without an id token',
    mode('chatgptAuthTokens', { ...withTokens, tokens: { ...tokens, id_token: undefined } }),
    none('authFileInvalid'),
  ],
  ['chatgptAuthTokens without tokens', mode('chatgptAuthTokens'), tokenless],
  ['personalAccessToken with a token', mode('personalAccessToken', pat), personal('at-canary')],
  [
    'personalAccessToken with any text',
    mode('personalAccessToken', { personal_access_token: 'canary one' }),
    personal('canary one'),
  ],
  [
    'personalAccessToken with an empty text',
    mode('personalAccessToken', { personal_access_token: '' }),
    personal(''),
  ],
  ['personalAccessToken without a token', mode('personalAccessToken', key), none('authFileInvalid')],
  [
    'no mode, a personal access token, a key and tokens',
    mode(undefined, pat, key, withTokens),
    personal('at-canary'),
  ],
  ['no mode, a key and tokens', mode(undefined, key, withTokens), withKey],
  ['no mode and tokens', mode(undefined, withTokens), chatgpt('chatgpt')],
  ['no mode and an agent identity', mode(undefined, agent), tokenless],
  ['agentIdentity with an identity', mode('agentIdentity', agent), none('authUnsupported')],
  ['agentIdentity with tokens', mode('agentIdentity', withTokens), none('authFileInvalid')],
  ['headers with tokens', mode('headers', withTokens), none('authUnsupported')],
  ['bedrockApiKey with a key', mode('bedrockApiKey', bedrock), amazon],
  ['bedrockAccessKeys with keys', mode('bedrockAccessKeys', bedrock), amazon],
  ['bedrockApiKey with nothing', mode('bedrockApiKey'), none('authFileInvalid')],
  ['bedrockAccessKeys with nothing', mode('bedrockAccessKeys'), none('authFileInvalid')],
];

test.each(modes)('the mode %s is read as by codex, and stays stored', (_what, auth, seen) =>
  withMode(auth, async (fixture) => {
    const before = readFileSync(fixture.authPath, 'utf8');
    expect(await seenBy(fixture)).toEqual(seen);
    expect(readFileSync(fixture.authPath, 'utf8')).toBe(before);
    expect(fixture.server.log.join('')).not.toMatch(/canary|sk-1/);
  }),
);

test.each(modes)(
  'a logout with the mode %s deletes it, and revokes only tokens of codex',
  (_what, auth, seen) =>
    withMode(auth, async ({ call, calls, authPath, server }) => {
      const answer = await call('account/logout');
      const isUnreadable = /an id token$/.test(_what);
      expect(['error' in answer, existsSync(authPath)]).toEqual([isUnreadable, isUnreadable]);
      const revoked = calls.filter(([method]) => method === 'POST').length;
      expect(revoked).toBe(seen.status[0] === 'chatgpt' ? 1 : 0);
      if (!isUnreadable)
        expect(lineWithoutTime((await server.untilLines(3))[2] ?? '')).toEqual(updated(null));
    }),
);

const expired = unsignedJwt({ exp: 1_000_000_000 });

test('a stored login of another program is never refreshed, and rules other logins out until a logout', () =>
  withMode(
    mode('chatgptAuthTokens', { ...withTokens, tokens: { ...tokens, access_token: expired } }),
    async ({ call, calls, read, backend, server }) => {
      backend.script('usage', { status: 401 });
      await call('account/read', { refreshToken: true });
      expect(await read()).toMatchObject({ error: { data: { kind: 'unauthorized' } } });
      const other = await call('account/login/start', { type: 'apiKey', apiKey: 'sk-2' });
      expect(other).toMatchObject({
        error: { code: -32600, message: expect.stringMatching(/^External auth is active\. /) as unknown },
      });
      await call('account/logout');
      expect(await call('account/login/start', { type: 'apiKey', apiKey: 'sk-2' })).toHaveProperty('result');
      expect(calls).toEqual([]);
      expect(server.log).toEqual([
        'ERROR the access token has expired, and this login cannot be refreshed here: store a new token, or sign in again\n',
      ]);
    },
  ));

test.each([
  ['forced_login_method = "api"\n', 'apiKey'],
  ['forced_chatgpt_workspace_id = "account-other"\n', 'apiKey'],
])('with %j a stored login of another program counts as none', (config) =>
  withMode(
    mode('chatgptAuthTokens', withTokens),
    async ({ call }) => {
      expect(await call('getAuthStatus', {})).toMatchObject({ result: { authMethod: null } });
      expect(await call('account/login/start', { type: 'apiKey', apiKey: 'sk-2' })).toHaveProperty('result');
    },
    { config },
  ),
);

test.each([
  [
    'is refused',
    (response: ServerResponse) => response.writeHead(401).end(),
    'request failed with status 401 Unauthorized',
  ],
  [
    'is of someone without a fedramp mark',
    (response: ServerResponse) =>
      response.end(JSON.stringify({ ...owner, chatgpt_account_is_fedramp: undefined })),
    ': error decoding response body',
  ],
])('a stored personal access token that %s signs no one in, and the log says why', (_what, answer, reason) =>
  withMode(
    mode('personalAccessToken', pat),
    async (fixture) => {
      expect(await seenBy(fixture)).toEqual(none('authRequired'));
      expect(fixture.server.log[0]).toMatch(/^ERROR the personal access token was not recognised: /);
      expect(fixture.server.log[0]).toContain(reason);
    },
    {},
    answer,
  ),
);
