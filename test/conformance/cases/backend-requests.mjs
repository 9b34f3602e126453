import { creditsBody, usageBody } from '../backend.mjs';
import { chatgptLogin, idToken, storedTokens, writeLogin } from '../codex-home.mjs';
import { consume, readLimits } from '../methods.mjs';

const usageOnly = { excludeResetCreditDetails: true };

/** The usage body with other members. */
const usage = (members) => ({ body: { ...usageBody, ...members } });

export default [
  {
    name: 'usage and reset credits are requested with these headers',
    promise: 'Headers: Every request to the backend has these headers',
    departure: 'D20',
    run: async ({ open, backend }) => {
      await (await open()).ask(readLimits);
      return backend.requests
        .map(({ method, path, headers, body }) => ({ method, path, headers, body }))
        .sort((one, other) => (one.path < other.path ? -1 : 1));
    },
  },
  {
    name: 'consecutive reads use one connection',
    promise: 'Connections: Connections for reads are kept alive',
    departure: 'D20',
    run: async ({ open, backend }) => {
      const server = await open();
      for (let count = 0; count < 3; count += 1) await server.ask(readLimits, usageOnly);
      return new Set(backend.requests.map(({ clientPort }) => clientPort)).size;
    },
  },
  {
    name: 'excludeResetCreditDetails saves the request for the credits',
    promise: 'account/rateLimits/read: `excludeResetCreditDetails: true` saves that request.',
    run: async ({ open, backend }) => {
      backend.replies.usage = usage({ rate_limit_reset_credits: { available_count: 3 } });
      const { rateLimitResetCredits } = await (await open()).ask(readLimits, usageOnly);
      return { rateLimitResetCredits, sent: backend.seen() };
    },
  },
  {
    name: 'includeUserId adds the user of the login to the result',
    promise:
      'account/rateLimits/read: `includeUserId: true` adds `userId`, the user in the login that the limits were read with, or null.',
    departure: 'P',
    reason: 'a redemption must know whose limits it is based on',
    run: async ({ open, home }) => {
      writeLogin(home, chatgptLogin({ id_token: idToken({ chatgpt_user_id: 'user-1' }) }));
      const server = await open();
      const { userId } = await server.ask(readLimits, { ...usageOnly, includeUserId: true });
      return { userId, isIn: 'userId' in (await server.ask(readLimits, usageOnly)) };
    },
  },
  {
    name: 'maxAgeSecs accepts what another server has read with this login, and adds readAt',
    promise:
      'account/rateLimits/read: `maxAgeSecs` accepts an answer that another process with this login has read at most so many seconds ago',
    departure: 'P',
    reason: 'each program that shows the limits asks the backend by itself',
    run: async ({ open, home, backend }) => {
      const login = chatgptLogin({
        account_id: 'account-1',
        id_token: idToken({ chatgpt_user_id: 'user-1' }),
      });
      writeLogin(home, login);
      const read = async (params) => (await open()).ask(readLimits, { ...usageOnly, ...params });
      const first = await read({ maxAgeSecs: 600 });
      const second = await read({ maxAgeSecs: 600 });
      const sent = [backend.requests.length];
      const plain = await read({});
      sent.push(backend.requests.length);
      return {
        isSame: JSON.stringify(first) === JSON.stringify(second),
        readAt: ['readAt' in second, 'readAt' in plain],
        sent,
        negative: await read({ maxAgeSecs: -1 }),
      };
    },
  },
  {
    name: 'supportsLunaReserve adds a header to the usage request, except for a FedRAMP account',
    promise: 'Headers: if the client passes `supportsLunaReserve` and the account is not FedRAMP',
    run: async ({ open, home, backend }) => {
      await (await open()).ask(readLimits, { supportsLunaReserve: true });
      const claims = { chatgpt_user_id: 'user-1', chatgpt_account_is_fedramp: true };
      writeLogin(home, chatgptLogin({ id_token: idToken(claims) }));
      const answer = await (await open()).ask(readLimits, { supportsLunaReserve: true });
      const sent = backend.requests.map(({ path, headers }) => [
        path,
        headers['x-openai-codex-luna-reserve'] ?? null,
        headers['x-openai-fedramp'] ?? null,
      ]);
      return { sent: sent.sort(), allowed: answer.ordinaryUsageAllowed };
    },
  },
  {
    name: 'the account header is the stored account, not that of the id token',
    promise: 'Headers: the account id in `auth.json`, as stored',
    run: async ({ open, home, backend }) => {
      const tokens = { missing: undefined, empty: '', other: 'account-2' };
      const seen = {};
      for (const [name, account_id] of Object.entries(tokens)) {
        const id_token = idToken({ chatgpt_account_id: 'account-1' });
        writeLogin(home, chatgptLogin({ ...storedTokens, id_token, account_id }));
        await (await open()).ask(readLimits, usageOnly);
        const { headers } = backend.requests.at(-1);
        seen[name] = [headers.authorization, headers['chatgpt-account-id'] ?? null];
      }
      return seen;
    },
  },
  {
    name: 'a consume posts key and credit id verbatim',
    promise: 'Endpoints: both verbatim',
    departure: 'D20',
    run: async ({ open, backend }) => {
      const server = await open();
      const { outcome } = await server.ask(consume, { idempotencyKey: 'key', creditId: 'credit-1', more: 1 });
      const [{ method, path, headers }] = backend.requests;
      const attempts = [
        { idempotencyKey: 'k', creditId: null },
        { idempotencyKey: ' ', creditId: ' c ' },
        { idempotencyKey: 'ü☃😀"\\\n/\u0000\u007f\u2028' },
      ];
      for (const attempt of attempts) await server.ask(consume, attempt);
      await server.ask(consume, { idempotencyKey: 'k'.repeat(10_000) });
      const bodies = backend.requests.map(({ body }) => body);
      return { outcome, method, path, headers, bodies: bodies.slice(0, 4), longBody: bodies[4].length };
    },
  },
];
