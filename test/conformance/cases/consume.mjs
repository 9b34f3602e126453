import { bodyCutOff, connectionLost, neverAnswered, usageBody } from '../backend.mjs';
import { chatgptLogin, idToken, writeLogin } from '../codex-home.mjs';
import { consume, readLimits } from '../methods.mjs';

const consumption = 'rate-limit-reset-credits/consume';

/** Consumes once for each reply, with a new key each time. */
async function consumeEach({ open, backend }, replies) {
  const server = await open();
  const seen = {};
  for (const [name, reply] of Object.entries(replies)) {
    backend.replies[consumption] = reply;
    const before = backend.requests.length;
    const answer = await server.ask(consume, { idempotencyKey: `key ${name}` });
    seen[name] = [answer, backend.requests.length - before];
  }
  return seen;
}

const withCodes = (bodies) => Object.fromEntries(bodies.map((body) => [JSON.stringify(body), { body }]));

export default [
  {
    name: 'the four outcomes, with any successful status',
    promise: 'account/rateLimitResetCredit/consume: The answer has only the outcome',
    run: (context) =>
      consumeEach(context, {
        ...withCodes([
          { code: 'reset', windows_reset: 2 },
          { code: 'nothing_to_reset', windows_reset: 0 },
          { code: 'no_credit', windows_reset: 0, more: [1] },
          { code: 'already_redeemed' },
        ]),
        created: { status: 201, body: { code: 'reset' } },
        accepted: { status: 202, headers: { 'content-type': 'text/plain' }, body: '\n{"code":"no_credit"}' },
      }),
  },
  {
    name: 'an unknown outcome is an error with outcomeKnown false',
    promise: 'Known outcomes: Every other failure is `outcomeKnown: false`.',
    departure: 'D21',
    run: (context) =>
      consumeEach(context, {
        ...withCodes([{ code: 'tomorrow' }, { code: null }, { windows_reset: 1 }, [], 'reset']),
        empty: { body: '' },
        noContent: { status: 204 },
        html: { headers: { 'content-type': 'text/html' }, body: '<html>' },
      }),
  },
  {
    name: 'outcomeKnown is true if the backend refused the consume, false after a server error',
    promise: 'Known outcomes: the backend refused it with 400, 401, 403, 404, 422 or 429',
    run: (context) => {
      const statuses = [400, 403, 404, 422, 408, 409, 500];
      const reply = (status) => ({
        status,
        headers: { 'content-type': 'text/plain' },
        body: `why ${status}`,
      });
      return consumeEach(context, Object.fromEntries(statuses.map((status) => [status, reply(status)])));
    },
  },
  {
    name: 'outcomeKnown is false after a lost connection, true after a refused one',
    promise: 'Known outcomes: no connection was made',
    run: async (context) => {
      const lost = await consumeEach(context, { lost: connectionLost, cutOff: bodyCutOff });
      const dead = ['-c', 'chatgpt_base_url="http://127.0.0.1:9"'];
      const server = await context.open({ after: dead });
      const { error } = await server.ask(consume, { idempotencyKey: 'key' });
      return { lost: lost.lost[0], cutOff: lost.cutOff[0], refused: error };
    },
  },
  {
    name: 'a consume may take 10 s, and a later reply changes nothing',
    promise: 'account/rateLimitResetCredit/consume: The time limit is 10 s from when the request is sent.',
    mostlyWaits: true,
    run: async ({ open, backend }) => {
      const server = await open();
      backend.replies[consumption] = neverAnswered;
      const startMs = performance.now();
      const late = await server.ask(consume, { idempotencyKey: 'key' });
      const waitedMs = performance.now() - startMs;
      backend.replies[consumption] = { body: { code: 'already_redeemed' } };
      const again = await server.ask(consume, { idempotencyKey: 'key' });
      return {
        late,
        isInTime: waitedMs > 9500 && waitedMs < 13_000,
        isClosed: backend.requests[0].response.destroyed,
        again,
        answers: server.answeredIds().length,
      };
    },
  },
  {
    name: 'a read after a consume sends a new request',
    promise: 'account/rateLimitResetCredit/consume: read the limits again to see the new state',
    run: async ({ open, backend }) => {
      const server = await open();
      const before = await server.ask(readLimits);
      await server.ask(consume, { idempotencyKey: 'key' });
      const { rate_limit: limit } = usageBody;
      const fresh = { ...limit, primary_window: { ...limit.primary_window, used_percent: 0 } };
      backend.replies.usage = { body: { ...usageBody, rate_limit: fresh } };
      const after = await server.ask(readLimits);
      const used = [before, after].map(({ rateLimits }) => rateLimits.primary.usedPercent);
      return { used, sent: backend.requests.length };
    },
  },
  {
    name: 'a consume is sent only as the expected account and user',
    promise: 'account/rateLimitResetCredit/consume: a consume is sent only as that account',
    departure: 'P',
    reason: 'the parameters are ours',
    run: async ({ open, home, backend }) => {
      const server = await open();
      const expected = { expectedAccountId: 'account-1', expectedUserId: 'user-1' };
      const ask = (key) => server.ask(consume, { idempotencyKey: key, ...expected });
      const release = backend.hold(consumption);
      const running = ask('own');
      const waiting = ask('waiting');
      await backend.asked(consumption);
      writeLogin(home, chatgptLogin({ account_id: 'account-2', access_token: 'access-token-2' }));
      release();
      const answers = { own: await running, waiting: await waiting };
      writeLogin(home, chatgptLogin({ id_token: idToken({ chatgpt_user_id: 'user-2' }) }));
      answers.otherUser = await ask('other user');
      writeLogin(home, chatgptLogin({ id_token: idToken({}) }));
      answers.noUser = await ask('no user');
      answers.anyUser = await server.ask(consume, { idempotencyKey: 'any', expectedAccountId: 'account-1' });
      return { answers, sent: backend.seen() };
    },
  },
];
