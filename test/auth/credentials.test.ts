import { expect, test } from 'vitest';
import { type AccountFixture, withAccount } from '../support/account-fixture.js';
import { chatgptLogin } from '../support/auth-file.js';
import { bareAnswer } from '../support/bare-answer.js';
import { pauseSkippingClock } from '../support/clocks/pause-skipping-clock.js';
import { unusableFiles } from '../support/files/unusable-files.js';

interface Answers {
  account: unknown;
  status: unknown;
  limits: unknown;
  consume: unknown;
}

/** Calls the methods that use the login, with a backend that accepts every token. */
async function answersOf({ backend, call, read, consume }: AccountFixture): Promise<Answers> {
  backend.script('usage', { body: {} });
  backend.script('accountsCheck', { status: 404 });
  backend.script('consume', { body: { code: 'no_credit' } });
  return {
    account: await call('account/read', {}),
    status: await call('getAuthStatus', { includeToken: true }),
    limits: await read(),
    consume: await consume(),
  };
}

function refused(auth: string, kind: string): Pick<Answers, 'limits' | 'consume'> {
  const message = `${auth} authentication required`;
  return {
    limits: { error: { code: -32600, message: `${message} to read rate limits`, data: { kind } } },
    consume: {
      error: {
        code: -32600,
        message: `${message} for rate limit reset credits`,
        data: { kind, outcomeKnown: true },
      },
    },
  };
}

function account(value: unknown, userId: string | null = null): object {
  return { result: { account: value, requiresOpenaiAuth: true, userId, workspaceRouting: null } };
}

function status(authMethod: string | null, authToken: string | null): object {
  return { result: { authMethod, authToken, requiresOpenaiAuth: true } };
}

const noAccount = { account: account(null), status: status(null, null) };
const signedOut = { ...noAccount, ...refused('codex account', 'authRequired') };
const broken = { ...noAccount, ...refused('codex account', 'authFileInvalid') };
const sent = { limits: bareAnswer(), consume: { result: { outcome: 'noCredit' } } };
const withKey = (key: string | null) => ({
  account: account({ type: 'apiKey' }),
  status: status(key === null ? null : 'apikey', key),
  ...refused('chatgpt', 'authRequired'),
});
const chatgptAccount = account(
  { type: 'chatgpt', email: 'canary@example.com', planType: 'pro', workspaceName: null },
  'user-dev',
);
const chatgpt = { account: chatgptAccount, status: status('chatgpt', 'canary-access-token'), ...sent };
const chatgptUnsendable = { ...chatgpt, status: status(null, null) };
const tokenless = {
  account: {
    error: {
      code: -32600,
      message: 'plan type is required for chatgpt authentication',
      data: { kind: 'authRequired' },
    },
  },
  status: status(null, null),
  ...sent,
};

/** The content of auth.json, and the answers. */
const files: [string, unknown, Answers][] = [
  ['is absent', 'none', signedOut],
  ['is empty', '', broken],
  ['is malformed', '{"auth_mode":', broken],
  ['is a list', '[]', broken],
  ['is null', 'null', broken],
  ['is text', '"canary-access-token"', broken],
  ['has an unknown auth_mode', chatgptLogin({}, { auth_mode: 'other' }), broken],
  ['has an auth_mode in the wrong case', chatgptLogin({}, { auth_mode: 'ChatGPT' }), broken],
  ['has an auth_mode that is not text', chatgptLogin({}, { auth_mode: 1 }), broken],
  ['is of mode apikey with a null key', { auth_mode: 'apikey', OPENAI_API_KEY: null }, broken],
  ['is of mode apikey without a key', { auth_mode: 'apikey' }, broken],
  ['has a key that is not text', { OPENAI_API_KEY: 5 }, broken],
  ['has a malformed last_refresh', chatgptLogin({}, { last_refresh: 'yesterday' }), broken],
  ['has a last_refresh without zone', chatgptLogin({}, { last_refresh: '2026-01-01T00:00:00' }), broken],
  ['has tokens that are text', chatgptLogin({}, { tokens: 'canary-access-token' }), broken],
  ['has no id token', chatgptLogin({ id_token: undefined }), broken],
  ['has no access token', chatgptLogin({ access_token: undefined }), broken],
  ['has no refresh token', chatgptLogin({ refresh_token: undefined }), broken],
  ['has null as access token', chatgptLogin({ access_token: null }), broken],
  ['has an account id that is not text', chatgptLogin({ account_id: 5 }), broken],
  ['is an empty object', {}, tokenless],
  ['is of mode chatgpt without tokens', { auth_mode: 'chatgpt' }, tokenless],
  ['is of mode chatgpt with null as tokens', chatgptLogin({}, { tokens: null }), tokenless],
  ['holds a key', { auth_mode: 'apikey', OPENAI_API_KEY: 'sk-1' }, withKey('sk-1')],
  ['holds a key and no mode', { OPENAI_API_KEY: 'sk-1' }, withKey('sk-1')],
  [
    'holds a key and tokens and no mode',
    chatgptLogin({}, { auth_mode: null, OPENAI_API_KEY: 'sk-1' }),
    withKey('sk-1'),
  ],
  ['holds an empty key', { OPENAI_API_KEY: '' }, withKey(null)],
  ['holds a blank key', { OPENAI_API_KEY: '  ' }, withKey('  ')],
  ['holds a ChatGPT login', chatgptLogin(), chatgpt],
  ['holds tokens and no mode', chatgptLogin({}, { auth_mode: undefined }), chatgpt],
  ['holds tokens and a key, mode chatgpt', chatgptLogin({}, { OPENAI_API_KEY: 'sk-1' }), chatgpt],
  ['holds unknown members', chatgptLogin({ oauth_provenance: {} }, { extra: [1] }), chatgpt],
  ['has an empty refresh token', chatgptLogin({ refresh_token: '' }), chatgpt],
  ['has no account id', chatgptLogin({ account_id: null }), chatgpt],
  ['has an empty account id', chatgptLogin({ account_id: '' }), chatgpt],
  ['has an empty access token', chatgptLogin({ access_token: '' }), chatgptUnsendable],
];

test.each(files)('with an auth.json that %s the methods answer as recorded', (_what, auth, answers) =>
  withAccount({ auth, clock: pauseSkippingClock() }, async (fixture) => {
    expect(await answersOf(fixture)).toEqual(answers);
  }),
);

test.each(files)('with an auth.json that %s its content is not logged', (_what, auth, answers) =>
  withAccount({ auth, clock: pauseSkippingClock() }, async (fixture) => {
    await answersOf(fixture);
    const line = `ERROR cannot use ${fixture.authPath}: `;
    expect(fixture.server.log.map((entry) => entry.startsWith(line))).toEqual(
      answers === broken ? [true] : [],
    );
    expect(fixture.server.log.join('')).not.toMatch(/canary|sk-1/);
  }),
);

test.each(unusableFiles)('an auth.json that %s is unusable, and the log says why', (_, reason, make) =>
  withAccount({ auth: 'none', clock: pauseSkippingClock() }, async (fixture) => {
    make(fixture.authPath);
    expect(await answersOf(fixture)).toEqual(broken);
    expect(fixture.server.log).toEqual([
      `ERROR cannot use ${fixture.authPath}: cannot be read (${reason})\n`,
    ]);
  }),
);

test.each([
  [undefined, null],
  [{}, null],
  [{ includeToken: null }, null],
  [{ includeToken: false, refreshToken: false }, null],
  [{ includeToken: true }, 'canary-access-token'],
])('getAuthStatus with %j shows the token %j', (params, token) =>
  withAccount({ auth: chatgptLogin() }, async ({ call }) => {
    const answer =
      params === undefined
        ? {
            error: {
              code: -32600,
              message: 'Invalid request: missing field `params`',
              data: { kind: 'invalidRequest', member: 'params' },
            },
          }
        : status('chatgpt', token);
    expect(await call('getAuthStatus', params)).toEqual(answer);
  }),
);
