import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AccountFixture } from '../support/account-fixture.js';
import { lineWithoutTime, updated } from '../support/notifications.js';
import { systemClock } from '../../src/util/clock.js';
import { mode, pat, tokens, withMode, withTokens } from './mode-fixture.js';

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
  (what, auth, seen) =>
    withMode(auth, async ({ call, calls, authPath, server }) => {
      const answer = await call('account/logout');
      const isUnreadable = what.endsWith('an id token');
      expect(['error' in answer, existsSync(authPath)]).toEqual([isUnreadable, isUnreadable]);
      const revoked = calls.filter(([method]) => method === 'POST').length;
      expect(revoked).toBe(seen.status[0] === 'chatgpt' ? 1 : 0);
      if (!isUnreadable)
        expect(lineWithoutTime((await server.untilLines(3))[2] ?? '')).toEqual(updated(null));
    }),
);

test('a slow failure about a personal access token answers the whole request', () =>
  withMode(
    mode('personalAccessToken', pat),
    async ({ call, calls }) => {
      expect(await call('account/read', {})).toMatchObject({ result: { account: null } });
      expect(calls.length).toBe(1);
    },
    { clock: systemClock },
    (response) => setTimeout(() => response.writeHead(404).end(), 1_100),
  ));
