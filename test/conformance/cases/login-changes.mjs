import fs from 'node:fs';
import path from 'node:path';

import { writeLogin } from '../codex-home.mjs';
import { readLimits } from '../methods.mjs';

const start = 'account/login/start';
const userCode = '/api/accounts/deviceauth/usercode';
const deviceToken = '/api/accounts/deviceauth/token';
const status = ['getAuthStatus', {}];

/** Returns the notifications about the account so far; login ids vary. */
const notificationsOf = ({ messages }) =>
  messages
    .filter(({ method }) => method?.startsWith('account/'))
    .map(({ method, params: { loginId, ...params } }) => [method, params]);

export default [
  {
    name: 'a login can be cancelled once, and a new login replaces the one before',
    promise: 'account/login/cancel: The status is `canceled` or `notFound`.',
    login: 'none',
    run: async ({ open, home, backend }) => {
      backend.replies[userCode] = { body: { device_auth_id: 'device', user_code: 'CODE', interval: '60' } };
      backend.replies[deviceToken] = { status: 403, body: {} };
      const server = await open();
      const begin = () => server.ask(start, { type: 'chatgptDeviceCode' });
      const cancel = (loginId) => server.ask('account/login/cancel', { loginId });
      const first = await begin();
      const second = await begin();
      await server.received('account/login/completed');
      const canceled = [await cancel(first.loginId), await cancel(second.loginId.toUpperCase())];
      await server.received('account/login/completed', 2);
      canceled.push(await cancel(second.loginId), await cancel('x'));
      return {
        canceled,
        notifications: notificationsOf(server),
        isStored: fs.existsSync(path.join(home, 'auth.json')),
      };
    },
  },
  {
    name: 'a logout ends a running read, but waits for an earlier consume',
    promise: 'account/logout: A logout ends reads in flight',
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
    promise: 'account/logout: If `auth.json` is malformed, the answer is an error and the file stays.',
    departure: 'D21',
    login: '{"auth_mode":',
    run: async ({ open, home }) => {
      const { error } = await (await open()).ask('account/logout');
      return { error, text: fs.readFileSync(path.join(home, 'auth.json'), 'utf8') };
    },
  },
  {
    name: 'a login that another program stores is reported with the next request',
    promise: 'account/updated: A change by another program is also reported',
    departure: 'D15',
    run: async ({ open, home }) => {
      const server = await open();
      await server.ask(...status);
      const before = notificationsOf(server);
      writeLogin(home, 'apiKey');
      await server.ask(...status);
      return { before, after: notificationsOf(server) };
    },
  },
];
