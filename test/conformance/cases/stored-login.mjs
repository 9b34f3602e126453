import fs from 'node:fs';
import path from 'node:path';

import { usageBody } from '../backend.mjs';
import { chatgptLogin, idToken, writeLogin } from '../codex-home.mjs';
import { consume, readAccount, readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };
const token = '/oauth/token';
const consumption = 'rate-limit-reset-credits/consume';
const status = ['getAuthStatus', { includeToken: true }];
const renewed = { access_token: 'access-token-2', refresh_token: 'refresh-token-2' };
const refusal = { status: 401, body: { error: { code: 'refresh_token_expired' } } };

/** A login whose access token has expired, with unknown members. */
const dueLogin = () =>
  chatgptLogin(
    { access_token: idToken(undefined, { exp: 1_000_000_000 }), more: { a: 1.5 } },
    { more: 12345678901234567890n },
  );

/** Stores the login, and keeps every digit of big numbers. */
function writeDueLogin(home) {
  const text = JSON.stringify(dueLogin(), (_key, value) => (typeof value === 'bigint' ? `${value}n` : value));
  writeLogin(home, text.replaceAll(/"(\d+)n"/g, '$1'));
}

const authText = (home) => fs.readFileSync(path.join(home, 'auth.json'), 'utf8');

/** Returns the requests to the issuer. */
const refreshes = (backend) =>
  backend.requests.filter(({ resource }) => resource === token).map(({ body }) => JSON.parse(body));

/** Returns the tokens of the requests to the backend. */
const bearers = (backend, resource = 'usage') =>
  backend.requests
    .filter((request) => request.resource === resource)
    .map(({ headers }) => headers.authorization?.replace(/eyJ.*/, 'the old one'));

/** Accepts one token and refuses every other. */
function accepts(backend, resource, accepted, body) {
  backend.replies[resource] = ({ headers }, response) => {
    const isGood = headers.authorization === `Bearer ${accepted}`;
    response.writeHead(isGood ? 200 : 401, { 'content-type': 'application/json' });
    response.end(JSON.stringify(isGood ? body : {}));
  };
}

export default [
  {
    name: 'due tokens are refreshed before the read, and unknown members of the file stay',
    promise: 'Saving: Members that the server does not know stay',
    departure: 'D9',
    run: async ({ open, home, backend, directory }) => {
      writeDueLogin(home);
      const real = path.join(directory, 'real.json');
      fs.renameSync(path.join(home, 'auth.json'), real);
      fs.symlinkSync(real, path.join(home, 'auth.json'));
      fs.chmodSync(real, 0o644);
      backend.replies[token] = { body: renewed };
      const { rateLimits } = await (await open()).ask(readLimits, usageOnly);
      const { tokens, last_refresh: refreshed, ...others } = JSON.parse(authText(home));
      return {
        planType: rateLimits.planType,
        refreshes: refreshes(backend),
        bearers: bearers(backend),
        tokens,
        others: Object.keys(others),
        isNumberKept: authText(home).includes('"more": 12345678901234567890'),
        isFresh: Date.now() - Date.parse(refreshed) < 60_000,
        isLink: fs.lstatSync(path.join(home, 'auth.json')).isSymbolicLink(),
        mode: (fs.statSync(real).mode & 0o777).toString(8),
      };
    },
  },
  {
    name: 'after a 401 the tokens are refreshed and the request is repeated, a consume with its own key',
    promise: 'Unauthorized replies: the request is repeated once; a consume with its own key',
    departure: 'D2',
    run: async ({ open, backend }) => {
      backend.replies[token] = { body: renewed };
      accepts(backend, 'usage', 'access-token-2', usageBody);
      accepts(backend, consumption, 'access-token-3', { code: 'reset' });
      const server = await open();
      const read = await server.ask(readLimits, usageOnly);
      backend.replies[token] = { body: { access_token: 'access-token-3' } };
      const consumed = await server.ask(consume, { idempotencyKey: 'key' });
      return {
        read: read.error ?? read.rateLimits.planType,
        consumed,
        refreshes: refreshes(backend).map(({ refresh_token: sent }) => sent),
        bearers: bearers(backend),
        keys: backend.requests.filter(({ resource }) => resource === consumption).map(({ body }) => body),
      };
    },
  },
  {
    name: 'a second 401 is the answer, and permanently refused tokens are not sent again',
    promise: 'Refreshing: are not sent to it again',
    departure: 'D2',
    run: async ({ open, backend }) => {
      backend.replies[token] = refusal;
      backend.replies.usage = { status: 401, body: {} };
      const server = await open();
      const seen = [await server.ask(readLimits, usageOnly), await server.ask(readLimits, usageOnly)];
      return {
        errors: seen.map(({ error }) => error),
        account: await server.ask(readAccount, {}),
        status: await server.ask(...status),
        refreshes: refreshes(backend).length,
      };
    },
  },
  {
    name: 'a requested refresh is sent, and a temporary failure changes nothing',
    promise: 'Issuer requests: None of them is repeated automatically.',
    departure: 'D1',
    run: async ({ open, backend }) => {
      const server = await open();
      const seen = {};
      for (const [name, reply] of Object.entries({ fails: { status: 500 }, works: { body: renewed } })) {
        backend.replies[token] = reply;
        const { account } = await server.ask(readAccount, { refreshToken: true });
        const { authToken } = await server.ask(...status);
        seen[name] = [account.email, authToken];
      }
      return { seen, refreshes: refreshes(backend).map(({ refresh_reason: why }) => why) };
    },
  },
  {
    name: 'a refresh is not sent if the file cannot be written',
    promise: 'Refreshing: a refresh is sent only if its result can be saved',
    departure: 'D9',
    run: async ({ open, home, backend }) => {
      writeLogin(home, JSON.stringify({ ...dueLogin(), more: 1 }));
      fs.chmodSync(path.join(home, 'auth.json'), 0o400);
      const before = authText(home);
      const { rateLimits } = await (await open()).ask(readLimits, usageOnly);
      return {
        planType: rateLimits.planType,
        bearers: bearers(backend),
        refreshes: refreshes(backend).length,
        isSame: authText(home) === before,
      };
    },
  },
  {
    name: 'a personal access token of the environment overrides the stored login, another text signs no one in',
    promise: [
      'Who is signed in: It overrides the stored login.',
      'Login: If `CODEX_ACCESS_TOKEN` is not a personal access token, no account is signed in.',
    ],
    departure: 'D1',
    run: async ({ open, backend }) => {
      backend.replies['/v1/user-auth-credential/whoami'] = {
        body: {
          email: 'pat@example.com',
          chatgpt_user_id: 'user-2',
          chatgpt_account_id: 'account-2',
          chatgpt_plan_type: 'team',
          chatgpt_account_is_fedramp: false,
        },
      };
      const seen = {};
      for (const CODEX_ACCESS_TOKEN of ['at-token', 'other', ' ']) {
        const server = await open({ env: { CODEX_ACCESS_TOKEN, CODEX_AUTHAPI_BASE_URL: backend.url } });
        const { account } = await server.ask(readAccount, {});
        const { error } = await server.ask(readLimits, usageOnly);
        seen[CODEX_ACCESS_TOKEN] = [account, await server.ask(...status), error?.message ?? 'answered'];
      }
      return { seen, bearers: bearers(backend) };
    },
  },
  {
    name: 'a login can be kept in memory only, and the file stays unchanged',
    promise: 'Stores: the login ends with the process, and the file is not used',
    config: (url) => `chatgpt_base_url = "${url}"\ncli_auth_credentials_store = "ephemeral"\n`,
    run: async ({ open, home }) => {
      const before = authText(home);
      const server = await open();
      const first = await server.ask(...status);
      await server.ask('account/login/start', { type: 'apiKey', apiKey: 'sk-new' });
      const second = await server.ask(...status);
      return { first, second, isSame: authText(home) === before };
    },
  },
  {
    name: 'a missing keyring is an error, and no login is stored elsewhere',
    promise: 'Keyring: no login is stored elsewhere',
    departure: 'D23',
    config: (url) => `chatgpt_base_url = "${url}"\ncli_auth_credentials_store = "keyring"\n`,
    login: 'none',
    run: async ({ open, home }) => {
      const server = await open();
      const read = await server.ask(readLimits, usageOnly);
      const login = await server.ask('account/login/start', { type: 'apiKey', apiKey: 'sk-new' });
      return {
        read,
        login: { ...login.error, message: login.error.message.replace(/(to keyring): .*/, '$1: …') },
        isThere: fs.existsSync(path.join(home, 'auth.json')),
      };
    },
  },
  {
    name: 'a model provider without an OpenAI login needs none',
    promise: 'getAuthStatus: If the model provider needs no OpenAI login',
    config: (url) =>
      `chatgpt_base_url = "${url}"\nmodel_provider = "own"\n[model_providers.own]\nname = "Own"\nbase_url = "${url}"\n`,
    run: async ({ open }) => {
      const server = await open();
      return { account: await server.ask(readAccount, {}), status: await server.ask(...status) };
    },
  },
];
