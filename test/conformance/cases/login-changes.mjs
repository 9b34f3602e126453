import fs from 'node:fs';
import path from 'node:path';

import { idToken, writeLogin } from '../codex-home.mjs';
import { claims, stored, told } from '../login-facts.mjs';
import { readAccount, readLimits } from '../methods.mjs';
import { clientInfo } from '../server-process.mjs';

const start = 'account/login/start';
const status = ['getAuthStatus', { includeToken: true }];

export default [
  {
    name: 'a logout revokes the login, takes it away, and is told of',
    promise:
      'account/login/start, account/login/cancel, account/logout: revokes the token, deletes the login',
    departure: 'D1',
    run: async ({ open, home, backend }) => {
      backend.replies['/oauth/revoke'] = { status: 500, body: {} };
      const server = await open();
      const answer = await server.ask('account/logout');
      await server.told('account/updated');
      const { body } = backend.requests.find(({ resource }) => resource === '/oauth/revoke');
      return {
        answer,
        revoked: JSON.parse(body),
        told: told(server),
        stored: stored(home),
        now: await server.ask(...status),
        again: await server.ask('account/logout', null),
      };
    },
  },
  {
    name: 'a logout ends a read in flight, but waits for a consume before it',
    promise:
      'account/login/start, account/login/cancel, account/logout: ends reads in flight, never a redemption',
    run: async ({ open, backend }) => {
      const server = await open();
      const consumption = 'rate-limit-reset-credits/consume';
      backend.hold('usage');
      const release = backend.hold(consumption);
      const read = server.ask(readLimits, { excludeResetCreditDetails: true });
      const consumed = server.ask('account/rateLimitResetCredit/consume', { idempotencyKey: 'key' });
      const left = server.ask('account/logout');
      await Promise.all([backend.asked('usage'), backend.asked(consumption)]);
      release();
      return { consumed: await consumed, left: await left, read: await read };
    },
  },
  {
    name: 'a logout of a broken auth.json is refused, and the file stays',
    promise:
      'account/login/start, account/login/cancel, account/logout: a malformed `auth.json` is an error and stays',
    departure: 'D21',
    login: '{"auth_mode":',
    run: async ({ open, home }) => {
      const { error } = await (await open()).ask('account/logout');
      return { error, text: fs.readFileSync(path.join(home, 'auth.json'), 'utf8') };
    },
  },
  {
    name: 'tokens of the client need its word, are kept in memory, and are asked for anew after a 401',
    promise: 'account/login/start, account/login/cancel, account/logout: tokens of the client',
    departure: 'D2',
    login: 'none',
    run: async ({ start: begin, open, home, backend }) => {
      const own = (name) =>
        idToken({ ...claims, chatgpt_user_id: 'user-2' }, { email: 'host@example.com', name });
      const params = { type: 'chatgptAuthTokens', accessToken: own('one'), chatgptAccountId: 'account-2' };
      const refused = await (await open()).ask(start, params);
      const server = begin();
      await server.initialize({ clientInfo, capabilities: { experimentalApi: true } });
      const answer = await server.ask(start, params);
      await server.told('account/updated');
      const first = `Bearer ${params.accessToken}`;
      const usage = backend.replies.usage;
      backend.replies.usage = (request, response) => {
        const isOld = request.headers.authorization === first;
        response.writeHead(isOld ? 401 : 200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(isOld ? {} : usage.body));
      };
      const read = server.ask(readLimits, { excludeResetCreditDetails: true });
      const asked = await Promise.race([server.told('account/chatgptAuthTokens/refresh'), read]);
      const next = { accessToken: own('two'), chatgptAccountId: 'account-2', chatgptPlanType: null };
      server.send(`${JSON.stringify({ id: asked.id ?? 0, result: next })}\n`);
      const { rateLimits, error } = await read;
      return {
        refused,
        answer,
        asked: { method: asked.method ?? null, params: asked.params ?? null },
        read: error ?? rateLimits.planType,
        accounts: backend.requests.map(({ headers }) => headers['chatgpt-account-id']),
        account: (await server.ask(readAccount, {})).account,
        told: told(server),
        stored: stored(home),
      };
    },
  },
  {
    name: 'logins with Amazon are refused',
    promise: 'account/login/start, account/login/cancel, account/logout: refused, `unsupported`',
    departure: 'P',
    reason: 'it keeps them',
    login: 'none',
    run: async ({ start: begin }) => {
      const server = begin();
      await server.initialize({ clientInfo, capabilities: { experimentalApi: true } });
      return server.ask(start, { type: 'amazonBedrock', apiKey: 'key', region: 'eu' });
    },
  },
  {
    name: 'a login that another program stores is told of with the next request',
    promise: 'account/read and getAuthStatus: a change by another program is told by `account/updated`',
    departure: 'D15',
    run: async ({ open, home }) => {
      const server = await open();
      await server.ask(...status);
      const before = told(server);
      writeLogin(home, 'apiKey');
      await server.ask(...status);
      return { before, after: told(server) };
    },
  },
];
