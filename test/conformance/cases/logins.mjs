import fs from 'node:fs';
import path from 'node:path';

import { idToken, storedTokens } from '../codex-home.mjs';
import { readAccount, readLimits } from '../methods.mjs';
import { clientInfo, requestLine } from '../server-process.mjs';

const loginStart = 'account/login/start';
const loginCancel = 'account/login/cancel';
const logout = 'account/logout';
const completed = 'account/login/completed';
const updated = 'account/updated';
const refresh = 'account/chatgptAuthTokens/refresh';
const status = ['getAuthStatus', { includeToken: true }];

const issued = {
  id_token: idToken({
    chatgpt_plan_type: 'plus',
    chatgpt_user_id: 'user-2',
    chatgpt_account_id: 'account-2',
  }),
  access_token: 'access-token-2',
  refresh_token: 'refresh-token-2',
};
const deviceCode = { device_auth_id: 'device-1', user_code: 'ABCD-EFGH', interval: '1' };
const grant = { authorization_code: 'code-1', code_challenge: 'challenge', code_verifier: 'verifier' };

/** The replies of the issuer for a successful login. */
function issue(backend) {
  backend.replies['/oauth/token'] = { body: issued };
  backend.replies['/api/accounts/deviceauth/usercode'] = { body: deviceCode };
  backend.replies['/api/accounts/deviceauth/token'] = { body: grant };
}

/** Returns all notifications about the account after the handshake, in order; login ids and times vary. */
function heard({ messages }, loginId = 'no login') {
  const [, ...own] = messages.filter(({ method }) => method === undefined || method.startsWith('account/'));
  const rest = own.map(({ raw, emittedAtMs, ...message }) => message);
  return JSON.parse(JSON.stringify(rest).replaceAll(loginId, '<login>'));
}

/** Reads auth.json without the parts that vary. */
function stored(home) {
  const file = path.join(home, 'auth.json');
  if (!fs.existsSync(file)) return 'none';
  const { last_refresh, ...login } = JSON.parse(fs.readFileSync(file, 'utf8'));
  if (login.tokens) delete login.tokens.login_owner_id;
  return { ...login, mode: (fs.statSync(file).mode & 0o777).toString(8) };
}

export default [
  {
    name: 'an API key is stored unchanged, and reported after the answer',
    promise: 'API key: The key is stored unchanged, in place of whatever was stored.',
    login: 'none',
    run: async ({ open, home }) => {
      const server = await open();
      server.send(requestLine('login', loginStart, '{"type":"apiKey","apiKey":" sk-1 "}'));
      await server.received(updated);
      return { heard: heard(server), status: await server.ask(...status), stored: stored(home) };
    },
  },
  {
    // The only browser login, because a second one at the same time would end the first.
    name: 'a browser login: the page, its answer, and the stored login',
    promise: 'Browser login: The issuer redirects the browser to that port with a code',
    departure: 'D1',
    login: 'none',
    run: async ({ open, backend, home }) => {
      issue(backend);
      const server = await open();
      const { authUrl, loginId } = await server.ask(loginStart, { type: 'chatgpt' });
      const { origin, pathname, searchParams } = new URL(authUrl);
      const redirectUri = searchParams.get('redirect_uri');
      const state = searchParams.get('state');
      const wrong = await fetch(`${redirectUri}?code=code-1&state=another`);
      const right = await fetch(`${redirectUri}?code=code-1&state=${state}`);
      await server.received(updated);
      const [{ body }] = backend.requests.filter(({ resource }) => resource === '/oauth/token');
      return {
        page: [origin, pathname, ...[...searchParams.keys()].sort()],
        answers: [wrong.status, right.status],
        form: [...new URLSearchParams(body).keys()],
        heard: heard(server, loginId).slice(1),
        status: await server.ask(...status),
        stored: stored(home),
      };
    },
  },
  {
    name: 'a cancelled login is reported once, and the stored login stays',
    promise: 'account/login/completed: Sent once for each login, after the answer to `account/login/start`.',
    run: async ({ open, backend, home }) => {
      issue(backend);
      backend.replies['/api/accounts/deviceauth/token'] = { status: 403, body: {} };
      const server = await open();
      const { loginId } = await server.ask(loginStart, { type: 'chatgptDeviceCode' });
      const first = await server.ask(loginCancel, { loginId });
      await server.received(completed);
      const again = await server.ask(loginCancel, { loginId });
      const wrong = await server.ask(loginCancel, { loginId: 'mine' });
      const notifications = heard(server, loginId).filter(({ method }) => method !== undefined);
      return { first, again, wrong, notifications, isStored: stored(home) !== 'none' };
    },
  },
  {
    name: 'a device login: the code, and the stored login',
    promise: 'Device login: The issuer gives a code',
    departure: 'D1',
    login: 'none',
    run: async ({ open, backend, home }) => {
      issue(backend);
      const server = await open();
      const { loginId, ...answer } = await server.ask(loginStart, { type: 'chatgptDeviceCode' });
      await server.received(updated);
      const asked = backend.requests.filter(({ path: url }) => !url.includes('accounts/check'));
      return {
        answer,
        asked: asked.map(({ path: url, body }) => [url, body.replace(/=[^&]*/g, '')]),
        notifications: heard(server, loginId).slice(1),
        stored: stored(home),
      };
    },
  },
  {
    name: 'a device login that the issuer refuses',
    promise: 'Logins: A failed login leaves the stored login unchanged.',
    run: async ({ open, backend, home }) => {
      issue(backend);
      const server = await open();
      backend.replies['/api/accounts/deviceauth/token'] = { status: 400, body: {} };
      const { loginId } = await server.ask(loginStart, { type: 'chatgptDeviceCode' });
      await server.received(completed);
      const late = heard(server, loginId).slice(1);
      backend.replies['/api/accounts/deviceauth/usercode'] = { status: 404, body: {} };
      const refused = await server.ask(loginStart, { type: 'chatgptDeviceCode' });
      return { late, refused, isStored: stored(home) !== 'none' };
    },
  },
  {
    name: 'tokens of the client need the experimental capability, and are kept in memory',
    promise: 'Tokens of the client: They stay in memory',
    departure: 'D1',
    run: async ({ open, start, backend, home }) => {
      const params = {
        ...{ type: 'chatgptAuthTokens', accessToken: issued.id_token },
        ...{ chatgptAccountId: 'account-2', chatgptPlanType: 'plus' },
      };
      const refused = await (await open()).ask(loginStart, params);
      const server = start();
      await server.initialize({ clientInfo, capabilities: { experimentalApi: true } });
      await server.ask(loginStart, params);
      await server.received(updated);
      const account = await server.ask(readAccount, {});
      await server.ask(readLimits, { excludeResetCreditDetails: true });
      const { headers } = backend.requests.filter(({ resource }) => resource === 'usage').at(-1);
      return {
        refused,
        heard: heard(server).slice(0, 3),
        account,
        isSent: headers.authorization === `Bearer ${issued.id_token}`,
        sentAccount: headers['chatgpt-account-id'],
        stored: stored(home).tokens.access_token,
      };
    },
  },
  {
    name: 'after a 401 the client is asked for new tokens, and the request is repeated with them',
    promise: 'account/chatgptAuthTokens/refresh: The server then repeats its request with the new token',
    departure: 'D2',
    run: async ({ start, backend }) => {
      const server = start();
      await server.initialize({ clientInfo, capabilities: { experimentalApi: true } });
      const first = { accessToken: issued.id_token, chatgptAccountId: 'account-2' };
      await server.ask(loginStart, { type: 'chatgptAuthTokens', ...first });
      const fresh = idToken({ chatgpt_plan_type: 'pro', chatgpt_user_id: 'user-2' }, { iat: 2 });
      const good = backend.replies.usage;
      backend.replies.usage = { status: 401, body: {} };
      server.send(requestLine('limits', readLimits, '{"excludeResetCreditDetails":true}'));
      const { id, params } = await server.received(refresh);
      backend.replies.usage = good;
      server.send(
        `${JSON.stringify({ id, result: { accessToken: fresh, chatgptAccountId: 'account-2' } })}\n`,
      );
      const { result, error } = await server.answer('limits');
      const used = backend.requests.filter(({ resource }) => resource === 'usage');
      const tokens = used.map(({ headers }) => (headers.authorization.endsWith(fresh) ? 'fresh' : 'first'));
      return { params, answered: error ?? typeof result, tokens };
    },
  },
  {
    name: 'Amazon Bedrock is refused',
    promise: 'account/login/start: Amazon Bedrock has no rate limits to read',
    departure: 'P',
    reason: 'Bedrock logins have no rate limits to read',
    run: async ({ start }) => {
      const server = start();
      await server.initialize({ clientInfo, capabilities: { experimentalApi: true } });
      return server.ask(loginStart, { type: 'amazonBedrock', apiKey: 'key', region: 'us-east-1' });
    },
  },
  {
    name: 'params that fit no login are refused, and a running login continues',
    promise: 'account/login/start',
    run: async ({ open, home }) => {
      const server = await open();
      const seen = {
        none: await server.ask(loginStart),
        noType: await server.ask(loginStart, {}),
        unknown: await server.ask(loginStart, { type: 'tomorrow' }),
        noKey: await server.ask(loginStart, { type: 'apiKey' }),
        noId: await server.ask(loginCancel, {}),
      };
      return { ...seen, isStored: stored(home) !== 'none' };
    },
  },
  {
    name: 'a logout revokes the login and deletes it, even if the issuer does not answer',
    promise: 'Logout: if it does not answer, the login is deleted anyway',
    run: async ({ open, backend, home }) => {
      const server = await open();
      backend.replies['/oauth/revoke'] = { status: 500, body: 'no' };
      const answer = await server.ask(logout);
      await server.received(updated);
      const [{ body }] = backend.requests.filter(({ resource }) => resource === '/oauth/revoke');
      return {
        answer,
        revoked: JSON.parse(body).token === storedTokens.refresh_token,
        heard: heard(server).slice(1),
        status: await server.ask(...status),
        stored: stored(home),
      };
    },
  },
];
